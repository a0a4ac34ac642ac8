"""Checkpoints with random weights and what PyTorch answers with them: the reference for `loadTorchWeights`.

    python3 pretrained.py fixture DIR   narrow networks, small enough to keep (packages/hand-regressor/src/torch/fixtures)
    python3 pretrained.py full DIR      ResNet-18, 34, 50 and MobileNetV2 of torchvision, and 3dhand's network

Each NAME.pth comes with NAME.json: shape of the input, and the output. The input is not stored: see `picture`.
Debian: python3-torch, python3-torchvision.
"""

import json
import os
import sys

import torch
from torch import nn


def picture(batch, size, channels):
    """Numbers in 0–1 that any language makes alike: in NHWC order, value i is (7919 i mod 251) / 250."""
    index = torch.arange(batch * size * size * channels, dtype=torch.int64)
    values = ((index * 7919) % 251).float() / 250
    return values.reshape(batch, size, size, channels).permute(0, 3, 1, 2).contiguous()


class Basic(nn.Module):
    expansion = 1

    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = shortcut(channels, width, stride)

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.downsample = shortcut(channels, 4 * width, stride)

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = torch.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


def shortcut(channels, out, stride):
    if stride == 1 and channels == out:
        return None
    return nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))


class ResNet(nn.Module):
    """torchvision's ResNet with a width that can be chosen; gives the features before the last linear layer."""

    def __init__(self, block, blocks, width=64, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        channels = width
        for stage, count in enumerate(blocks):
            layers = []
            for i in range(count):
                layers.append(block(channels, width * 2**stage, 2 if stage > 0 and i == 0 else 1))
                channels = width * 2**stage * block.expansion
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layers))
        self.fc = nn.Linear(channels, classes)

    def last_map(self, x, stem=None):
        x = self.maxpool(torch.relu(self.bn1((stem or self.conv1)(x))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))

    def forward(self, x):
        return self.last_map(x).mean((2, 3))


class Hand3d(ResNet):
    """The network of 3dhand: stems for 3 and for 24 channels, 7×7 mean of the 8×8 map, 22 numbers on top of their mean."""

    def __init__(self, blocks, width, channels):
        super().__init__(Basic, blocks, width, 22)
        self.conv11 = nn.Conv2d(24, width, 7, 2, 3, bias=False)
        self.channels = channels
        nn.init.normal_(self.fc.weight, std=0.02)

    def forward(self, x):
        x = self.last_map(x, self.conv11 if self.channels == 24 else self.conv1)
        mean = torch.tensor([545.0, 128.0, 128.0] + [0.0] * 19)
        return self.fc(nn.functional.avg_pool2d(x, 7, 7).flatten(1)) + mean


def calibrated(model, channels, size):
    """Random weights, and running averages of a few random batches, so that the features are of order 1."""
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.3, 0.3)
    model.train()
    with torch.no_grad():
        for _ in range(3):
            model(torch.rand(4, channels, size, size))
    return model.eval()


def write(folder, name, model, channels, size, batch, prefix="", features=None, normalise=False, **saving):
    x = picture(batch, size, channels)
    if normalise:
        mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
        x = (x - mean[:, None, None]) / deviation[:, None, None]
    with torch.no_grad():
        y = (features or model)(x)
    state = {prefix + key: value for key, value in model.state_dict().items()}
    torch.save(state, os.path.join(folder, f"{name}.pth"), **saving)
    with open(os.path.join(folder, f"{name}.json"), "w", encoding="utf-8") as file:
        answer = [[float(f"{value:.9g}") for value in row] for row in y.tolist()]
        json.dump({"input": [batch, size, size, channels], "normalised": normalise, "output": answer}, file)
        file.write("\n")
    print(f"{name}: {sum(p.numel() for p in model.parameters())} parameters, features of size {y.abs().mean():.3f}")


def trained(folder, model, size):
    """What one training step leaves in the running averages of the first normalisation."""
    model.train()
    with torch.no_grad():
        model(picture(2, size, 3))
    bn = model.bn1
    values = {"mean": bn.running_mean.tolist(), "variance": bn.running_var.tolist()}
    with open(os.path.join(folder, "running-averages.json"), "w", encoding="utf-8") as file:
        json.dump(values, file)
        file.write("\n")


def fixture(folder):
    # the older container spends far fewer bytes on each of many small tensors
    legacy = {"_use_new_zipfile_serialization": False}
    torch.manual_seed(1)
    basic = calibrated(ResNet(Basic, [2, 1, 1, 1], 2, 3), 3, 64)
    write(folder, "basic", basic, 3, 64, 2, **legacy)
    trained(folder, basic, 64)
    write(folder, "bottleneck", calibrated(ResNet(Bottleneck, [2, 1, 1, 1], 2, 3), 3, 64), 3, 64, 1, normalise=True, **legacy)
    for channels in [3, 24]:
        torch.manual_seed(4)
        model = calibrated(Hand3d([1, 1, 1, 1], 2, channels), channels, 256)
        write(folder, f"3dhand-{channels}", model, channels, 256, 1, prefix="module.", **legacy)


def full(folder):
    import torchvision.models as models

    torch.manual_seed(2)
    for name, block, blocks in [
        ("resnet18", Basic, [2, 2, 2, 2]),
        ("resnet34", Basic, [3, 4, 6, 3]),
        ("resnet50", Bottleneck, [3, 4, 6, 3]),
    ]:
        model = calibrated(getattr(models, name)(), 3, 128)
        own = ResNet(block, blocks).eval()  # the class of the small fixtures is torchvision's, name by name
        own.load_state_dict(model.state_dict())
        features = nn.Sequential(*list(model.children())[:-1], nn.Flatten()).eval()
        assert torch.allclose(features(picture(1, 128, 3)), own(picture(1, 128, 3)), atol=1e-5)
        write(folder, name, model, 3, 224, 1, features=features, normalise=True)
    mobile = calibrated(models.mobilenet_v2(), 3, 128)
    write(folder, "mobilenet", mobile, 3, 224, 1, features=lambda x: mobile.features(x).mean((2, 3)), normalise=True)
    half = calibrated(models.mobilenet_v2(width_mult=0.5), 3, 128)
    write(folder, "mobilenet-half", half, 3, 224, 1, features=lambda x: half.features(x).mean((2, 3)), normalise=True)
    for channels in [3, 24]:
        model = calibrated(Hand3d([3, 4, 6, 3], 64, channels), channels, 256)
        write(folder, f"3dhand-{channels}", model, channels, 256, 1, prefix="module.")


if __name__ == "__main__":
    mode, target = sys.argv[1:]
    os.makedirs(target, exist_ok=True)
    {"fixture": fixture, "full": full}[mode](target)
