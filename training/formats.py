"""safetensors, read and written by hand: eight bytes of header length, a JSON header, the raw tensors.

The format is small enough that a dependency would be longer than its implementation, and the studio reads
the same files with an equally small parser.
"""
import runtime  # noqa: F401  (first: it sets the environment)

import hashlib
import json
import struct

import numpy as np
import torch

_NAMES = {'float64': 'F64', 'float32': 'F32', 'float16': 'F16', 'int64': 'I64'}
_TYPES = {name: np.dtype(kind) for kind, name in _NAMES.items()}


def save_tensors(path, tensors, half=True, metadata=None):
    """Writes {name: tensor}; with `half`, floating-point tensors become fp16."""
    header = {'__metadata__': {k: str(v) for k, v in metadata.items()}} if metadata else {}
    chunks, offset = [], 0
    for name, tensor in tensors.items():
        array = np.ascontiguousarray(tensor.detach().cpu().numpy())
        if array.dtype.kind == 'f':
            array = array.astype(np.float16 if half else np.float32)
        data = array.tobytes()
        header[name] = {'dtype': _NAMES[array.dtype.name], 'shape': list(tensor.shape),
                        'data_offsets': [offset, offset + len(data)]}
        chunks.append(data)
        offset += len(data)
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as target:
        target.write(struct.pack('<Q', len(text)) + text)
        target.writelines(chunks)


def load_tensors(path, kind=torch.float32):
    """Reads {name: tensor}; floating-point tensors are converted to `kind`, integers stay int64."""
    with open(path, 'rb') as source:
        data = source.read()
    length = struct.unpack('<Q', data[:8])[0]
    header = json.loads(data[8:8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == '__metadata__':
            continue
        begin, end = (8 + length + offset for offset in entry['data_offsets'])
        array = np.frombuffer(data[begin:end], _TYPES[entry['dtype']]).reshape(entry['shape'])
        tensor = torch.from_numpy(array.copy())
        tensors[name] = tensor.to(kind) if tensor.is_floating_point() else tensor
    return tensors


def describe_file(path):
    """Size and SHA-256 of a file, as the manifest lists them."""
    data = path.read_bytes()
    return {'bytes': len(data), 'sha256': hashlib.sha256(data).hexdigest()}
