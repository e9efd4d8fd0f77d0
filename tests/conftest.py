"""What holds for every test."""

import gc
import signal

import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # What a shell runs in the background ignores it, and so would whatever a test starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Ten thousand tests stay: looking through them again and again would count as our time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def nobodys_clipboard(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No test puts anything into the clipboard, tmux or folders of the person who runs it."""
    folder = tmp_path_factory.getbasetemp() / "runtime"
    folder.mkdir(mode=0o700, exist_ok=True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("SSH_TTY", "/dev/pts/0")
    for name in ("TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
