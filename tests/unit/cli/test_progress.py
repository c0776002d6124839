"""Progress on the terminal: what it notes."""

from __future__ import annotations

from retrolabel.cli.progress import TerminalProgress


def test_a_note_is_printed_once_on_standard_error_however_often_it_is_told(capsys):
    progress = TerminalProgress()
    for text in ("runs are not tracked", "there are no faults to retry", "runs are not tracked"):
        progress.note(text)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == ["Note: runs are not tracked", "Note: there are no faults to retry"]
