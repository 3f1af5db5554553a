"""What `npm run bench -- diff` compares with: the same statistics with NumPy and the safetensors package.

python diffNumpy.py make A B SIZE SHARE   writes two files of SIZE bytes of which SHARE of the tensors differ
python diffNumpy.py diff A B              prints the relative L2 of what changed
"""

import json
import math
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

ROWS, COLUMNS = 2048, 1024
# Pieces that stay in the processor's cache: over twice as fast as whole tensors at once.
PIECE = 1 << 18


def make(a_path, b_path, size, share):
    generator = np.random.default_rng(20261121)
    count = max(1, size // (4 * ROWS * COLUMNS))
    a, b = {}, {}
    for index in range(count):
        name = f'layers.{index}.weight'
        a[name] = generator.standard_normal((ROWS, COLUMNS), dtype=np.float32) * np.float32(0.02)
        changed = math.floor((index + 1) * share) > math.floor(index * share)
        noise = generator.standard_normal((ROWS, COLUMNS), dtype=np.float32) * np.float32(2e-5)
        b[name] = a[name] + noise if changed else a[name]
    save_file(a, a_path)
    save_file(b, b_path)


def statistics(a, b):
    squares_a = squares_b = products = squares = 0.0
    changed = at = 0
    largest = -1.0
    for start in range(0, a.size, PIECE):
        x = a[start:start + PIECE].astype(np.float64)
        y = b[start:start + PIECE].astype(np.float64)
        d = y - x
        changed += np.count_nonzero(d)
        squares_a += x @ x
        squares_b += y @ y
        products += x @ y
        squares += d @ d
        np.abs(d, out=d)
        place = int(d.argmax())
        if d[place] > largest:
            largest, at = float(d[place]), start + place
    return {
        'changed': int(changed), 'l2': math.sqrt(squares), 'relativeL2': math.sqrt(squares / squares_a),
        'cosine': products / math.sqrt(squares_a * squares_b), 'maxAbsolute': largest,
        'maxAt': [int(i) for i in np.unravel_index(at, (ROWS, COLUMNS))], 'squares': squares, 'squaresA': squares_a,
    }


def diff(a_path, b_path):
    entries = {}
    with safe_open(a_path, 'np') as a_file, safe_open(b_path, 'np') as b_file:
        for name in b_file.keys():
            a, b = a_file.get_tensor(name).ravel(), b_file.get_tensor(name).ravel()
            if not np.array_equal(a.view(np.uint8), b.view(np.uint8)):
                entries[name] = statistics(a, b)
    json.dumps(entries)
    print(math.sqrt(sum(e['squares'] for e in entries.values()) / sum(e['squaresA'] for e in entries.values())))


if sys.argv[1] == 'make':
    make(sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5]))
else:
    diff(sys.argv[2], sys.argv[3])
