"""The weights of an exported model in 8 bits a value. With `export`, the only door to onnx."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.errors import ModelError

if TYPE_CHECKING:
    import onnx

# A table of embeddings smaller than this is not worth compressing.
_LARGE_TABLE = 1_000_000


def quantize(source: Path, target: Path, block_size: int) -> None:
    """Compress weights to 8 bits a value: matrices by block, large embedding tables by row."""
    import onnx
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    logging.getLogger("onnxruntime.quantization").setLevel(logging.ERROR)
    quantizer = MatMulNBitsQuantizer(
        onnx.load(str(source)),
        bits=8,
        block_size=block_size,
        is_symmetric=True,
        accuracy_level=4,  # 8-bit activations by block too: what makes it faster than float32
    )
    try:
        quantizer.process()
        model = quantizer.model.model
        _compress_tables(model)
        onnx.save(model, str(target))
    except Exception as error:
        raise ModelError(f"its weights cannot be compressed: {error}") from error


def _compress_tables(model: "onnx.ModelProto") -> None:
    """Replace each large embedding table by int8 rows and one float32 scale a row."""
    from onnx import TensorProto, helper, numpy_helper

    graph = model.graph
    tables = {
        one.name: one
        for one in graph.initializer
        if one.data_type == TensorProto.FLOAT and np.prod(one.dims) >= _LARGE_TABLE
    }
    nodes = []
    for node in graph.node:
        if node.op_type != "Gather" or node.input[0] not in tables:
            nodes.append(node)
            continue
        name, indices, output = node.input[0], node.input[1], node.output[0]
        rows = numpy_helper.to_array(tables[name])
        scale = np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-12) / 127.0
        graph.initializer.append(
            numpy_helper.from_array(np.rint(rows / scale).astype(np.int8), f"{name}.int8")
        )
        graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), f"{name}.scale"))
        nodes += [
            helper.make_node("Gather", [f"{name}.int8", indices], [f"{output}.int8"], axis=0),
            helper.make_node("Gather", [f"{name}.scale", indices], [f"{output}.scale"], axis=0),
            helper.make_node("Cast", [f"{output}.int8"], [f"{output}.cast"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{output}.cast", f"{output}.scale"], [output]),
        ]
    del graph.node[:]
    graph.node.extend(nodes)
    used = {name for node in graph.node for name in node.input}
    kept = [one for one in graph.initializer if one.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
