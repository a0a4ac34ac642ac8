"""A hand layer of MANO's size in PyTorch, timed on one thread, as JSON on the standard output.

    python3 layer.py INPUTS.json SECONDS        a model, inputs for some batches, and how long each batch is timed

The steps are those of the SMPL and MANO papers: blended shape, joints, pose correctives, kinematic chain, skinning.
`plain` is written as the layers that people use are (joints regressed from the shaped vertices, 4 x 4 matrices,
homogeneous coordinates); `tuned` is what can be done about it in PyTorch (joints by a precomputed product, 3 x 4
matrices, both blends in one product).
"""

import json
import statistics
import sys
import time

import torch


def rodrigues(vectors):
    """Rotation matrices [..., 3, 3] of axis-angle vectors [..., 3]."""
    angle = (vectors + 1e-8).norm(dim=-1, keepdim=True)
    x, y, z = (vectors / angle).unbind(-1)
    zero = torch.zeros_like(x)
    cross = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1).unflatten(-1, (3, 3))
    sine, cosine = angle.sin()[..., None], angle.cos()[..., None]
    return torch.eye(3) + sine * cross + (1 - cosine) * cross @ cross


class HandLayer:
    def __init__(self, model, tuned):
        def tensor(name, *shape):
            return torch.tensor(model[name], dtype=torch.float32).reshape(shape)

        self.tuned = tuned
        self.parents = model["parents"]
        self.template = tensor("vTemplate", -1, 3)
        vertices, joints = len(self.template), len(self.parents)
        self.shape_dirs = tensor("shapeDirs", vertices, 3, -1)
        self.pose_dirs = tensor("poseDirs", vertices * 3, 9 * (joints - 1)).T.contiguous()
        self.regressor = tensor("jRegressor", joints, vertices)
        self.weights = tensor("lbsWeights", vertices, joints)
        self.components = tensor("components", -1, 3 * (joints - 1))
        self.mean = tensor("mean", 3 * (joints - 1))
        self.joint_template = self.regressor @ self.template
        self.joint_dirs = torch.einsum("jv,vks->sjk", self.regressor, self.shape_dirs).flatten(1).contiguous()
        flat_shapes = self.shape_dirs.flatten(0, 1).T
        self.all_dirs = torch.cat([flat_shapes, self.pose_dirs]).contiguous()

    def __call__(self, betas, pose, orient, transl):
        """Vertices [B, V, 3] and posed joints [B, J, 3] in metres."""
        batch = len(betas)
        full = torch.cat([orient, self.mean + pose @ self.components], 1)
        rotations = rodrigues(full.view(batch, -1, 3))
        feature = (rotations[:, 1:] - torch.eye(3)).flatten(1)
        if self.tuned:
            joints = self.joint_template + (betas @ self.joint_dirs).view(batch, -1, 3)
            blended = torch.addmm(self.template.flatten(), torch.cat([betas, feature], 1), self.all_dirs)
            posed = blended.view(batch, -1, 3)
        else:
            shaped = self.template + torch.einsum("bs,vks->bvk", betas, self.shape_dirs)
            joints = torch.einsum("bvk,jv->bjk", shaped, self.regressor)
            posed = shaped + (feature @ self.pose_dirs).view(batch, -1, 3)
        offsets = torch.cat([joints[:, :1], joints[:, 1:] - joints[:, self.parents[1:]]], 1)
        local = torch.cat([rotations, offsets[..., None]], -1)
        row = torch.tensor([0.0, 0.0, 0.0, 1.0]).expand(batch, len(self.parents), 1, 4)
        local = torch.cat([local, row], 2)
        chain = [local[:, 0]]
        for joint, parent in enumerate(self.parents[1:], 1):
            chain.append(chain[parent] @ local[:, joint])
        world = torch.stack(chain, 1)
        rotation, translation = world[..., :3, :3], world[..., :3, 3]
        moved = translation - (rotation @ joints[..., None])[..., 0]
        if self.tuned:
            transforms = torch.cat([rotation, moved[..., None]], -1).flatten(2)
            blends = (self.weights @ transforms).view(batch, -1, 3, 4)
            vertices = (blends[..., :3] @ posed[..., None])[..., 0] + blends[..., 3]
        else:
            bottom = torch.tensor([0.0, 0.0, 0.0, 1.0]).expand(batch, len(self.parents), 1, 4)
            transforms = torch.cat([torch.cat([rotation, moved[..., None]], -1), bottom], 2)
            blends = (self.weights @ transforms.flatten(2)).view(batch, -1, 4, 4)
            homogeneous = torch.cat([posed, torch.ones(batch, posed.shape[1], 1)], 2)
            vertices = (blends @ homogeneous[..., None])[:, :, :3, 0]
        return vertices + transl[:, None], translation + transl[:, None]


def median_milliseconds(work, seconds):
    """Median of single calls, after a fifth of the time to warm up."""
    end = time.perf_counter() + seconds / 5
    while time.perf_counter() < end:
        work()
    times = []
    end = time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        begin = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times)


def main():
    torch.set_num_threads(1)
    with open(sys.argv[1]) as file:
        given = json.load(file)
    seconds = float(sys.argv[2])
    results = {}
    for name, tuned in (("plain", False), ("tuned", True)):
        layer = HandLayer(given["model"], tuned)
        results[name] = []
        for inputs in given["inputs"]:
            tensors = [torch.tensor(inputs[key]) for key in ("betas", "pose", "globalOrient", "transl")]
            variables = [tensor.clone().requires_grad_() for tensor in tensors]

            def forward():
                with torch.no_grad():
                    layer(*tensors)

            def both():
                vertices, _ = layer(*variables)
                return torch.autograd.grad(vertices.square().sum(), variables)

            loss = float(layer(*tensors)[0].double().square().sum())
            gradients = [float(gradient.double().square().sum().sqrt()) for gradient in both()]
            results[name].append(
                {
                    "loss": loss,
                    "gradients": gradients,
                    "forward": median_milliseconds(forward, seconds),
                    "both": median_milliseconds(both, seconds),
                }
            )
    print(json.dumps({"version": torch.__version__, "results": results}))


main()
