"""The tutorial's shallow U-Net in PyTorch, with weights that a few lines can make again anywhere: what it gives is the truth for
@opposable/hand-regressor. Needs Debian's python3-torch.

    /usr/bin/python3 tools/heatmap-fixtures/unet.py > packages/hand-regressor/src/heatmaps/fixtures/documented-unet.json
"""

import json
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional


def uniform(seed, count):
    """Numbers in [0, 1) of a linear congruential generator; the test repeats it."""
    out = np.empty(count)
    state = seed
    for i in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        out[i] = state / 2**32
    return out


class Block(nn.Module):
    def __init__(self, channels_in, channels_out):
        super().__init__()
        parts = []
        for channels in (channels_in, channels_out):
            parts += [
                nn.BatchNorm2d(channels),
                nn.Conv2d(channels, channels_out, 3, padding=1, bias=False),
                nn.ReLU(),
            ]
        self.double_conv = nn.Sequential(*parts)

    def forward(self, x):
        return self.double_conv(x)


class UNet(nn.Module):
    def __init__(self, width=16, maps=21):
        super().__init__()
        self.conv_down1 = Block(3, width)
        self.conv_down2 = Block(width, 2 * width)
        self.conv_down3 = Block(2 * width, 4 * width)
        self.conv_bottleneck = Block(4 * width, 8 * width)
        self.conv_up1 = Block(12 * width, 4 * width)
        self.conv_up2 = Block(6 * width, 2 * width)
        self.conv_up3 = Block(3 * width, width)
        self.conv_out = nn.Sequential(nn.Conv2d(width, maps, 3, padding=1, bias=False), nn.Sigmoid())

    def forward(self, x):
        down1 = self.conv_down1(x)
        down2 = self.conv_down2(functional.max_pool2d(down1, 2))
        down3 = self.conv_down3(functional.max_pool2d(down2, 2))
        y = self.conv_bottleneck(functional.max_pool2d(down3, 2))
        for block, skip in ((self.conv_up1, down3), (self.conv_up2, down2), (self.conv_up3, down1)):
            y = functional.interpolate(y, scale_factor=2, mode="bilinear", align_corners=False)
            y = block(torch.cat([y, skip], 1))
        return self.conv_out(y)


def fill(model):
    """Seeds count the arrays of the state dict in order, from 1."""
    state = model.state_dict()
    names = [name for name in state if not name.endswith("num_batches_tracked")]
    for seed, name in enumerate(names, 1):
        array = state[name]
        numbers = uniform(seed, array.numel())
        if array.dim() == 4:
            numbers = (2 * numbers - 1) * np.sqrt(6 / array[0].numel())
        elif name.endswith(("weight", "running_var")):
            numbers = 0.5 + numbers
        else:
            numbers = numbers - 0.5
        state[name] = torch.from_numpy(numbers.astype(np.float32)).reshape(array.shape)
    model.load_state_dict(state)
    return names


def iou_loss(predicted, target):
    overlap = (predicted * target).sum((2, 3))
    union = (predicted**2).sum((2, 3)) + (target**2).sum((2, 3)) - overlap
    return 1 - ((overlap + 1e-6) / (union + 1e-6)).mean()


def main():
    torch.manual_seed(0)
    size, batch = 32, 2
    model = UNet().double()
    names = fill(model)
    image = torch.from_numpy(uniform(1001, batch * 3 * size * size).reshape(batch, 3, size, size) * 2 - 1)
    target = torch.from_numpy(uniform(1002, batch * 21 * size * size).reshape(batch, 21, size, size) ** 8)
    places = [[b, k, y, x] for b in range(batch) for k in (0, 7, 20) for y, x in ((0, 0), (5, 31), (16, 15), (31, 30))]
    model.eval()
    maps = model(image)
    model.train()
    trained = model(image)
    loss = iou_loss(trained, target)
    loss.backward()
    gradients = {
        name: parameter.grad.flatten()[: 2].tolist() + [parameter.grad.abs().sum().item()]
        for name, parameter in model.named_parameters()
    }
    json.dump(
        {
            "torch": torch.__version__,
            "parameters": sum(p.numel() for p in model.parameters()),
            "shapes": {name: list(model.state_dict()[name].shape) for name in names},
            "size": size,
            "batch": batch,
            "places": places,
            "inference": [maps[tuple(p)].item() for p in places],
            "training": [trained[tuple(p)].item() for p in places],
            "loss": loss.item(),
            "gradients": gradients,
        },
        sys.stdout,
    )
    sys.stdout.write("\n")


main()
