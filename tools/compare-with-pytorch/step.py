"""One training step (forward, backward, Adam) of a ResNet in PyTorch, as JSON on the standard output.

    python3 step.py ResNet-18 128 16 1       network, image side, batch, threads
"""

import json
import sys
import time

import torch
from torch import nn


def block(channels, filters, stride):
    """The basic block of He, Zhang, Ren and Sun (2016)."""
    return nn.ModuleDict(
        {
            "main": nn.Sequential(
                nn.Conv2d(channels, filters, 3, stride, 1, bias=False),
                nn.BatchNorm2d(filters),
                nn.ReLU(),
                nn.Conv2d(filters, filters, 3, 1, 1, bias=False),
                nn.BatchNorm2d(filters),
            ),
            "shortcut": nn.Identity()
            if stride == 1 and channels == filters
            else nn.Sequential(nn.Conv2d(channels, filters, 1, stride, bias=False), nn.BatchNorm2d(filters)),
        }
    )


class ResNet(nn.Module):
    def __init__(self, blocks):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)
        )
        self.blocks = nn.ModuleList()
        channels = 64
        for stage, count in enumerate(blocks):
            for i in range(count):
                filters = 64 * 2**stage
                self.blocks.append(block(channels, filters, 2 if stage > 0 and i == 0 else 1))
                channels = filters
        self.scores = nn.Linear(512, 1000)

    def forward(self, x):
        x = self.stem(x)
        for parts in self.blocks:
            x = torch.relu(parts["main"](x) + parts["shortcut"](x))
        return self.scores(x.mean((2, 3)))


NETWORKS = {"ResNet-18": [2, 2, 2, 2], "ResNet-34": [3, 4, 6, 3]}


def main():
    network, size, batch, threads = sys.argv[1], *map(int, sys.argv[2:5])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    model = ResNet(NETWORKS[network]).to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    images = torch.randn(batch, 3, size, size).to(memory_format=torch.channels_last)
    target = torch.randn(batch, 1000)
    wall, processor = float("inf"), float("inf")
    for i in range(7):
        begin, begin_processor = time.perf_counter(), time.process_time()
        optimizer.zero_grad()
        nn.functional.mse_loss(model(images), target).backward()
        optimizer.step()
        if i >= 2:
            wall = min(wall, time.perf_counter() - begin)
            processor = min(processor, time.process_time() - begin_processor)
    print(json.dumps({"version": torch.__version__, "wall": 1000 * wall, "processor": 1000 * processor}))


main()
