"""What is wrong with a task's labels, and why: ``task.errors()``, ``task.confusion()``, ``task.slices()``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from retrolabel.analysis.confusion import Confusion
    from retrolabel.analysis.slices import Slices
    from retrolabel.wiring.site import Site


class FindsErrors:
    """A part of :class:`retrolabel.wiring.task.Task`: its errors on dev gold, as frames.

    Dev gold is fitted. So each item is judged by what a model says that had not seen it (``cross_fitted``), and its
    ``partial`` is what votes alone leave. Items that test gold is on are in none of them.
    """

    _site: Site
    name: str

    def errors(  # noqa: PLR0913 - what is asked of them
        self,
        *,
        gold: str | None = None,
        label: str | None = None,
        lf: str | None = None,
        slice: str | None = None,  # noqa: A002 - the word of the command
        set: str = "latest",  # noqa: A002 - the same
        words: int | None = None,
    ) -> pd.DataFrame:
        """Return the items of dev gold whose label is none that gold leaves, the surest first.

        Args:
            gold: Only items whose gold leaves this label.
            label: Only items with this label; or without one: ``(no votes)``, ``(guessed)``, ``(tied)``, which are no
                errors, and are told only where they are asked for.
            lf: Only items that this labeling function votes on.
            slice: Only items of this slice: the name of a ``@slice_function``, or a condition, as
                ``comment has refund``, ``source is web``.
            set: The label set: its id, the beginning of it, a tag, ``current`` or ``latest``.
            words: For how many items the words are looked for, from the top; all if left out. A labeling function may
                take seconds to begin, as one that loads spaCy.

        Returns:
            A frame: ``source``, ``item_id``, the columns of texts, ``gold``, ``label``, ``probability`` (of the label),
            ``p_gold`` (of what gold leaves), ``partial``, ``cross_fitted``, ``month``, ``votes`` (LF -> vote),
            ``words`` (LF -> the words that made it vote). In ``attrs``: ``items``, ``judged``, ``wrong``,
            ``label_set``.

        Raises:
            GoldError: There is no dev gold.
            UnknownLabelError: There is no such label.
            InputError: There is no such slice.
        """
        from retrolabel.analysis.confusion import in_brackets
        from retrolabel.wiring.finding_errors import Judging, found_errors
        from retrolabel.wiring.slicing import in_slice

        at = Judging(self._site, self.name, set)
        among = None if slice is None else in_slice(at, slice)
        version = self._site.history(self.name)[at.label_set.record.schema_version]
        gold, label = (meant.id if said and (meant := version.understood(said)) else said for said in (gold, label))
        label = in_brackets(label) if label and not version.understood(label) else label
        return found_errors(at, gold=gold, label=label, lf=lf, among=among, words=words)

    def lf_errors(self, lf: str | None = None, *, sure: float = 0.9, set: str = "latest") -> pd.DataFrame:  # noqa: A002 - the same
        """Return where a labeling function, or each, is against dev gold, or against what the others are sure of.

        Args:
            lf: The labeling function; all if left out.
            sure: The probability from which on the others are sure.
            set: The label set.

        Returns:
            A frame: ``lf``, ``source``, ``item_id``, ``vote``, ``against`` (``gold`` or ``others``), ``says`` (what
            these say), ``probability`` (against gold: what the label set gives gold's labels; against others: what
            these give theirs, as if the labeling function were not there), the texts, ``words``. In ``attrs``:
            ``counts`` of each.
        """
        from retrolabel.wiring.errors_of_lfs import errors_of_lfs
        from retrolabel.wiring.finding_errors import Judging

        at = Judging(self._site, self.name, set, needs_gold=False)
        return errors_of_lfs(at, None if lf is None else [lf], sure=sure)

    def confusion(self, *, set: str = "latest") -> Confusion:  # noqa: A002 - the same
        """Return dev gold beside labels: counts and rates with intervals; items without a label are columns.

        Gold that leaves several labels is counted apart: ``.partial``.
        """
        from retrolabel.wiring.finding_errors import Judging, confused

        return confused(Judging(self._site, self.name, set))

    def buckets(self, *by: str, set: str = "latest") -> pd.DataFrame:  # noqa: A002 - the same
        """Return how many items of dev gold are in each bucket, and on how many the label is wrong.

        Args:
            by: ``gold``, ``label``, ``source``, ``month``, or labeling functions by name; gold and label if left out.
            set: The label set.

        Returns:
            The frame of :func:`retrolabel.analysis.buckets.counted_buckets`; ``-`` stands where an LF abstains.

        Raises:
            InputError: There is no such column.
        """
        from retrolabel.wiring.slicing import bucketed

        return bucketed(self._site, self.name, by or ("gold", "label"), set)

    def flips(self, before: str, after: str = "latest") -> pd.DataFrame:
        """Return how many items went from each label to each label, from one label set to another.

        Args:
            before: The older label set: its id, the beginning of it, a tag, ``current`` or ``latest``.
            after: The newer one.
        """
        from retrolabel.analysis.flips import flips
        from retrolabel.wiring.label_sets import labels_frame

        older, newer = (labels_frame(self._site.label_set(self.name, each)) for each in (before, after))
        return flips(older, newer)

    def slices(self, *, set: str = "latest", seed: int = 0) -> Slices:  # noqa: A002 - the same
        """Return how good labels are in named slices, and the parts of the feedback on which more labels are wrong.

        ``.named`` has the task's slice functions (``@slice_function``). They are called for items that they were not
        asked about before; what they say is kept in the store. ``.worst`` has what was found among sources, months,
        lengths and words.

        Args:
            set: The label set.
            seed: Another seed deals out wrong items in another way, to see what chance finds.

        Raises:
            GoldError: There is no dev gold.
            DiscoveryError: The project's modules cannot be read.
            MissingColumnError: Slice functions read columns that are not there.
        """
        from retrolabel.wiring.slicing import worst_slices

        return worst_slices(self._site, self.name, set, seed)

    def learning_curve(
        self, *, repeats: int = 5, seed: int = 0, to: str | None = None, what: Sequence[str] = ("gold", "lfs", "items")
    ) -> pd.DataFrame:
        """Return the score on dev gold with fewer gold items, labeling functions and items; refitted on subsets.

        Args:
            repeats: How many subsets of each size.
            seed: Another seed takes other subsets.
            to: The schema version; the newest if left out.
            what: What is taken less of.

        Returns:
            The frame of :func:`retrolabel.jobs.label_sets.learning.learning_curve`.
        """
        from retrolabel.wiring.learning import curve

        return curve(self._site, self.name, to, repeats=repeats, seed=seed, what=tuple(what))
