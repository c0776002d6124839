"""Clusters of texts by their terms (TF-IDF); how many there are is found.

Texts become vectors of their terms, each weighed by how rare it is, twice; these are brought to a hundred dimensions
(latent semantic analysis, Deerwester et al. 1990), brought together by k-means in many small groups, and these joined
as long as they are alike on average. A text that is far from all groups is in none.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.light_words import is_light, is_ragged, is_scrambled

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from scipy.sparse import csr_array

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

DIMENSIONS = 100
MOST_TERMS = 4_000
FEWEST, SHARE = 3, 0.002
"""The items that hold a term at least, and the share of them."""
EVERYWHERE = 0.5
"""A term in more of the items than this tells them not apart, unless it is much rarer elsewhere."""
OFTENER = 2.0
RARER = 0.5
"""A term that is so much rarer here than elsewhere says nothing of what is here."""
SMALL_GROUPS, ROUNDS = 300, 30
"""How many small groups there are at most, and in how many rounds they are found."""
APART = 0.7
"""Groups are joined as long as they are nearer than this, by 1 - cosine."""
FAR = 0.4
"""The cosine below which a text is far from a group."""
NOBODY = -1


def telling_columns(words: Sequence[str], here: Floats, elsewhere: Floats, items: float, others: float) -> Ints:
    """Return the places of the terms by which items are told apart, ascending.

    Args:
        words: The V terms.
        here: float [V]: how many of the items hold each.
        elsewhere: float [V]: how many of the others do.
        items: How many items there are.
        others: How many others.

    Example:
        >>> found = telling_columns(("crash", "the", "rare"), np.array([9.0, 9.0, 1.0]), np.zeros(3), 40, 0)
        >>> found.tolist()
        [0]
    """
    more = here * others > OFTENER * elsewhere * items
    enough = (here >= max(FEWEST, SHARE * items)) & ((here <= max(EVERYWHERE * items, FEWEST)) | more)
    if others:
        enough &= here * others >= RARER * elsewhere * items
    places = [place for place in np.flatnonzero(enough).tolist() if not _says_little(words[place])]
    found = np.array(places, np.int64)
    if len(found) > MOST_TERMS:
        worth = here[found] * np.log(items / here[found]) ** 2
        found = np.sort(found[np.lexsort((found, -np.round(worth, 6)))[:MOST_TERMS]])
    return found


def _says_little(word: str) -> bool:
    return is_light(word) or is_ragged(word) or is_scrambled(word)


def cluster_texts(texts: csr_array, weights: Floats) -> tuple[Ints, Floats]:
    """Return the cluster of each text, and how near it is to the middle of it.

    The same texts in the same order give the same clusters, on one platform.

    Args:
        texts: float32 [d, v], sparse: which text holds which term; each text once.
        weights: float [d]: how many items say it.

    Returns:
        int [d], from 0; ``NOBODY`` where a text has no term, or is far from all. And float [d], the cosine.
    """
    labels, nearness = np.full(texts.shape[0], NOBODY, np.int64), np.zeros(texts.shape[0])
    there = np.flatnonzero(np.diff(texts.indptr))
    alike: dict[bytes, int] = {}
    place = [
        alike.setdefault(texts.indices[slice(*texts.indptr[row : row + 2])].tobytes(), row) for row in there.tolist()
    ]
    first, points_of = np.unique(np.array(place, np.int64), return_inverse=True)
    if len(first) < 2 or texts.shape[1] < 2:  # noqa: PLR2004 - one is no cluster
        labels[there], nearness[there] = 0, 1.0
        return labels, nearness
    found, near = _clusters(texts[first], np.bincount(points_of, weights[there]).astype(np.float64))
    labels[there], nearness[there] = found[points_of], near[points_of]
    return labels, nearness


def _clusters(texts: csr_array, weights: Floats) -> tuple[Ints, Floats]:
    """Return the cluster of each text, no two of which hold the same terms, and how near it is to its middle."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - slow to import

    with threadpool_limits(1):  # more threads add in another order
        points = _points(texts)
        near = points @ _middles(points, _joined(points, weights), weights).T
    nearness = near.max(axis=1)
    return np.where(nearness >= FAR, near.argmax(axis=1), NOBODY), nearness


def _points(texts: csr_array) -> Floats:
    """Return texts as vectors of length 1, float [d, at most a hundred]."""
    from scipy.sparse import diags_array  # noqa: PLC0415 - slow to import
    from sklearn.decomposition import TruncatedSVD  # noqa: PLC0415 - the same
    from sklearn.feature_extraction.text import TfidfTransformer  # noqa: PLC0415 - the same
    from sklearn.preprocessing import normalize  # noqa: PLC0415 - the same

    weigher = TfidfTransformer(norm=None)
    weighed = normalize(weigher.fit_transform(texts) @ diags_array(weigher.idf_))
    dimensions = min(DIMENSIONS, *(size - 1 for size in weighed.shape))
    if dimensions < min(weighed.shape) - 1:
        found = TruncatedSVD(dimensions, n_iter=4, random_state=0).fit_transform(weighed)
    else:
        found = weighed.toarray()
    return np.asarray(normalize(found), np.float64)


def _joined(points: Floats, weights: Floats) -> Ints:
    """Return the group of each text, int [d]."""
    from sklearn.cluster import AgglomerativeClustering, KMeans  # noqa: PLC0415 - slow to import
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415 - the same

    small = min(len(points), SMALL_GROUPS, max(8, 2 * math.isqrt(len(points))))
    found = np.arange(len(points))
    if small < len(points):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # fewer groups than asked for are as good
            found = KMeans(small, n_init=1, max_iter=ROUNDS, random_state=0).fit_predict(points, sample_weight=weights)
        found = np.unique(found, return_inverse=True)[1]
    middles = _middles(points, found, weights)
    if len(middles) == 1:
        return np.zeros(len(points), np.int64)
    apart = np.clip(1.0 - middles @ middles.T, 0.0, None)
    joining = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=APART
    )
    return np.asarray(joining.fit_predict(apart)[found], np.int64)


def _middles(points: Floats, groups: Ints, weights: Floats) -> Floats:
    """Return the middle of each group, as a vector of length 1."""
    sums = np.zeros((int(groups.max()) + 1, points.shape[1]))
    np.add.at(sums, groups, points * weights[:, None])
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.where(length > 0, length, 1.0))
