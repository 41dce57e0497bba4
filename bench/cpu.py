"""How far the 8-bit encoder agrees with the original on this processor's kernels.

Run it under an emulator to see another processor's, for one without AVX-512:

    qemu-x86_64 -cpu Haswell .venv/bin/python -m bench cpu
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.encoder import CompiledEncoder


def main(arguments: Sequence[str]) -> int:
    """Print the least cosine between the encoder's vectors and the original's, over its probes."""
    parser = argparse.ArgumentParser(prog="python -m bench cpu", description=__doc__)
    parser.add_argument("--encoders", type=Path, default=Path("var/encoder"))
    options = parser.parse_args(arguments)
    for card in sorted(options.encoders.glob("*/encoder.json")):
        folder = card.parent
        encoder = CompiledEncoder(folder, trust=True)
        texts = json.loads((folder / "probes.json").read_text("utf-8"))
        wanted = np.load(folder / "probes.npy", allow_pickle=False)
        cosines = np.sum(encoder.embed_documents(texts) * wanted, axis=1)
        print(f"{encoder.card.model}: cosine >= {cosines.min():.5f} over {len(texts)} passages")
    return 0
