"""Encodes the forms of the thesaurus of everyday words for assistant/paraphrase.py.

``python -m eval.embed_thesaurus`` writes assistant/everyday.npz; run it whenever assistant/everyday.txt has changed.
"""

from __future__ import annotations

import numpy as np

from assistant.everyday import THESAURUS, read_thesaurus
from assistant.paraphrase import VECTORS, Forms, forms_of
from index.embed import Embedder


def main() -> None:
    """Encode and store."""
    forms = forms_of(read_thesaurus(THESAURUS))
    means = np.array([one.tokens.mean(axis=0) for one in Embedder().encode(forms)], np.float32)
    Forms.write(forms, means / np.linalg.norm(means, axis=1, keepdims=True))
    print(f"{len(forms)} forms: {VECTORS.name}, {VECTORS.stat().st_size / 2**20:.1f} MB")


if __name__ == "__main__":
    main()
