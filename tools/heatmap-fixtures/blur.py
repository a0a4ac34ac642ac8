"""Heat maps as the 2D tutorial draws them: a one, blurred by a 51 × 51 Gaussian with σ = 3 and a mirrored border, divided by the
maximum. Needs Debian's python3-scipy.

    /usr/bin/python3 tools/heatmap-fixtures/blur.py > packages/hand-regressor/src/heatmaps/fixtures/documented-heatmaps.json
"""

import json

import numpy as np
from scipy.ndimage import correlate1d

taps = np.exp(-(np.arange(-25, 26) ** 2) / (2 * 3.0**2))
taps /= taps.sum()
cases = []
for size, u, v in ((128, 63.9, 20.2), (128, 0.4, 127.7), (128, 3.1, 1.9), (64, 2.0, 60.5), (16, 5.2, 0.0)):
    image = np.zeros((size, size))
    image[int(v), int(u)] = 1
    blurred = correlate1d(correlate1d(image, taps, 0, mode="mirror"), taps, 1, mode="mirror")
    blurred /= blurred.max()
    rows = sorted({0, 1, size - 1, *range(max(0, int(v) - 6), min(size, int(v) + 7), 2)})
    columns = sorted({0, 2, size - 1, *range(max(0, int(u) - 6), min(size, int(u) + 7), 2)})
    cells = [[y, x, round(float(blurred[y, x]), 9)] for y in rows for x in columns]
    cases.append({"size": size, "u": u, "v": v, "cells": cells})
print(json.dumps(cases))
