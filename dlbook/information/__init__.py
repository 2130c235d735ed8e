"""Entropy, cross-entropy, KL divergence, perplexity and likelihoods, exact at the edges."""

from dlbook.information.entropy import (
    cross_entropy,
    entropy,
    kl_divergence,
    perplexity,
)
from dlbook.information.joint import conditional_entropy, mutual_information
from dlbook.information.likelihood import (
    bernoulli_log_likelihood,
    binomial_log_likelihood,
    categorical_log_likelihood,
    normal_log_likelihood,
)
from dlbook.information.units import BASES, Unit

__all__ = [
    "BASES",
    "Unit",
    "bernoulli_log_likelihood",
    "binomial_log_likelihood",
    "categorical_log_likelihood",
    "conditional_entropy",
    "cross_entropy",
    "entropy",
    "kl_divergence",
    "mutual_information",
    "normal_log_likelihood",
    "perplexity",
]
