"""torch, torchvision and the accelerator, asked in one process: torch is imported once."""

from typing import Any

from dlbook.doctor import cuda
from dlbook.doctor.asking import NOT_REACHED, Answer, ask
from dlbook.doctor.finding import Finding
from dlbook.doctor.symptoms import import_failed


def torch_facts() -> dict[str, Any]:
    """Its version, and the CUDA or ROCm it was built for."""
    import torch

    return {
        "version": torch.__version__,
        "cuda": torch.version.cuda,
        "rocm": torch.version.hip,
    }


def torchvision_facts() -> dict[str, Any]:
    """Its version, after one of its compiled operators has run."""
    import torch
    import torchvision

    torchvision.ops.nms(torch.tensor([[0.0, 0.0, 1.0, 1.0]]), torch.ones(1), 0.5)
    return {"version": torchvision.__version__}


def examine(limit: float) -> list[Finding]:
    """Whether torch and torchvision can be imported and fit each other; then the accelerator."""
    torch, devices, torchvision = ask(
        torch_facts, cuda.device_facts, torchvision_facts, limit=limit
    )
    return [
        _judge("torch", torch),
        _judge("torchvision", torchvision),
        *cuda.examine(torch, devices, limit),
    ]


def _judge(package: str, answer: Answer) -> Finding:
    if answer.failure == NOT_REACHED:
        why = "Its import comes after the one that failed."
        return Finding(
            package, "note", answer.failure, why, "mend what is broken, then run this again"
        )
    if answer.failure:
        return import_failed(package, package, answer.failure)
    cuda_version, rocm = answer.value.get("cuda"), answer.value.get("rocm")
    build = f", built for CUDA {cuda_version}" if cuda_version else ""
    build = f", built for ROCm {rocm}" if rocm else build
    return Finding(package, "ok", answer.value["version"] + build)
