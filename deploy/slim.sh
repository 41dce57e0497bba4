#!/bin/sh
# Takes out of a virtual environment what only compiling an embedding model needs: 1.2 GB. What is
# left answers and reindexes with the compiled model; tests/test_deploying.py proves it.
set -eu
"$1/bin/python" -m pip uninstall --quiet --yes \
  torch transformers sentence-transformers onnx onnx-ir ml-dtypes protobuf scikit-learn scipy sympy \
  mpmath networkx huggingface-hub hf-xet safetensors joblib threadpoolctl fsspec
