"""Make models/*.tflite, which the LiteRT engine reads, from the bundles that mediapipe reads.

    python tools/prune_models.py [--check]

Each bundle holds a detector and a landmark model. The landmark model draws a mask of the person besides, which nothing
here asks for: that branch, and what only it needs, is cut out. The weights of the detector are stored without their
zeros, and LiteRT would hold them twice in memory, unpacked and as it computes with them: they are unpacked here. What
the models find stays the same to the bit, which `tests/pose/test_litert_model.py` shows by running both. The manifest
gets the checksums of what was made. With ``--check`` nothing is written, and the exit code is 1 where a file is not
what would be made. Needs ai-edge-litert.
"""

from __future__ import annotations

import hashlib
import re
import sys
import zipfile
from pathlib import Path

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType

MODELS = Path(__file__).parents[1] / "models"
MASK_SHAPE = [1, 256, 256, 1]
"""Of the output that is cut off."""


def pruned(content: bytes) -> bytes:
    """Give a landmark model without its mask: the operators that the other outputs need, in their order."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    graph = model.subgraphs[0]
    graph.outputs = [output for output in graph.outputs if list(graph.tensors[output].shape) != MASK_SHAPE]
    needed, kept = {int(output) for output in graph.outputs}, []
    for operator in reversed(graph.operators):
        if any(int(output) in needed for output in operator.outputs):
            needed.update(int(read) for read in operator.inputs if read >= 0)
            kept.append(operator)
    graph.operators = kept[::-1]
    used = {graph.tensors[tensor].buffer for tensor in needed}
    for number, tensor in enumerate(graph.tensors):
        if number not in needed and tensor.buffer not in used:
            model.buffers[tensor.buffer].data = None
    model.signatureDefs = None  # they name the mask; nothing here calls by signature
    return packed(model)


def unpacked(content: bytes) -> bytes:
    """Give a model in which no weights are left to unpack: what DENSIFY gives is stored in place of what it reads."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    graph = model.subgraphs[0]
    run = Interpreter(
        model_content=content,
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
        experimental_preserve_all_tensors=True,
    )
    run.allocate_tensors()
    run.invoke()
    kept = []
    for operator in graph.operators:
        if model.operatorCodes[operator.opcodeIndex].builtinCode != schema.BuiltinOperator.DENSIFY:
            kept.append(operator)
            continue
        weights = graph.tensors[operator.inputs[0]]
        weights.sparsity = None
        dense = run.get_tensor(operator.outputs[0])
        model.buffers[weights.buffer].data = None
        model.buffers.append(schema.BufferT())
        model.buffers[-1].data = np.frombuffer(dense.tobytes(), np.uint8)
        graph.tensors[operator.outputs[0]].buffer = len(model.buffers) - 1
    graph.operators = kept
    return packed(model)


def packed(model: schema.ModelT) -> bytes:
    """Give the bytes of a model file."""
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def made() -> dict[str, bytes]:
    """Give the files by their names; the detector of full and heavy is one and the same."""
    found: dict[str, bytes] = {}
    for name in ("lite", "full", "heavy"):
        with zipfile.ZipFile(MODELS / f"pose_landmarker_{name}.task") as bundle:
            found[f"pose_landmarks_{name}.tflite"] = pruned(bundle.read("pose_landmarks_detector.tflite"))
            found["pose_detector.tflite"] = unpacked(bundle.read("pose_detector.tflite"))
    return found


def main() -> int:
    """Write the files and their checksums, or check them."""
    files, manifest = made(), MODELS / "manifest.toml"
    text = manifest.read_text(encoding="utf-8")
    for name, content in files.items():
        section = rf'(file = "{re.escape(name)}"\nsha256 = ")[^"]*("\nsize_bytes = )\d+'
        text = re.sub(section, rf"\g<1>{hashlib.sha256(content).hexdigest()}\g<2>{len(content)}", text)
    if "--check" in sys.argv:
        wrong = [name for name, content in files.items() if (MODELS / name).read_bytes() != content]
        wrong += ["manifest.toml"] if text != manifest.read_text(encoding="utf-8") else []
        print("not as they are made: " + ", ".join(wrong) if wrong else "all as they are made")
        return 1 if wrong else 0
    for name, content in files.items():
        (MODELS / name).write_bytes(content)
        print(f"{name}: {len(content) / 1e6:.1f} MB")
    manifest.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
