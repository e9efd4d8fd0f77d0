"""The completion scripts in real shells: what they offer, and that no word of theirs is ever run.

bash and zsh are asked in a terminal: a key of their own line editors inserts all completions, and
what the shell then makes of the line is read. fish is asked with `complete -C`.
"""

import argparse
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from doctor import checks
from doctor.cli import main
from doctor.cli.completion import SHELLS, WHERE, commands
from doctor.cli.shells import SCRIPTS
from doctor.remedies import BY_NAME
from tests.clients import ROOT
from tests.test_cli import doctor

SECONDS = 20
"""Longest time that a shell may take for one answer."""

KEY = "\x18a"
"""Inserts all completions; the shells are told so when they start."""

SHOW = 'envdoctor() { printf "%s\\n" "called" "$@" >>"$SAID"; echo "all ""said"; }'
"""In place of envdoctor: notes what it was called with, and says so to the terminal."""

BASH = ("bind 'set enable-bracketed-paste off'", "bind '\"\\C-xa\": insert-completions'")
ZSH = (
    "autoload -Uz compinit", "compinit -D -u", "unset zle_bracketed_paste",
    "zstyle ':completion:all:*' completer _all_matches _complete",
    "zstyle ':completion:all:*' insert true", "zle -C all complete-word _generic",
    "bindkey '^Xa' all",
)  # fmt: skip


class Asked:
    """A shell with a completion script, in a folder with a file and a folder."""

    def __init__(self, shell: str, folder: Path, script: str, before: tuple[str, ...] = ()) -> None:
        """Starts it; the test is skipped where the shell is not installed."""
        program = shutil.which(shell)
        if program is None:
            pytest.skip(f"{shell} is not installed")
        self.shell, self.program = shell, program
        self.home, self.work, self.said = folder / "home", folder / "work", folder / "said"
        self.script = folder / f"envdoctor.{shell}"
        for place in (self.home, self.work, self.work / "a folder"):
            place.mkdir()
        (self.work / "my log.txt").write_text("")
        self.script.write_text(script)
        self.source = f"source {shlex.quote(str(self.script))}"
        self.terminal = self._terminal(before) if shell != "fish" else None

    def env(self) -> dict[str, str]:
        return {"HOME": str(self.home), "ZDOTDIR": str(self.home), "SAID": str(self.said),
                "PATH": "/usr/bin:/bin", "TERM": "xterm", "LC_ALL": "C.UTF-8"}  # fmt: skip

    def _terminal(self, before: tuple[str, ...]) -> "pexpect.spawn[str]":
        own = BASH if self.shell == "bash" else ZSH
        rc = self.home / ("rc" if self.shell == "bash" else ".zshrc")
        rc.write_text("\n".join((*before, *own, SHOW, self.source, "PS1='ready> '", "")))
        words = ["--rcfile", str(rc), "-i"] if self.shell == "bash" else ["-i", "-d"]
        terminal = pexpect.spawn(
            self.program, words, env=self.env(), cwd=str(self.work), timeout=SECONDS,
            encoding="utf-8", dimensions=(50, 4000),
        )  # fmt: skip
        terminal.expect_exact("ready> ")
        return terminal

    def offers(self, line: str) -> list[str]:
        """All that is offered at the end of a line that begins with `envdoctor `."""
        if self.terminal is None:
            return self._fish(line)
        self.said.unlink(missing_ok=True)
        self.terminal.send(f"{line}{KEY}\r")
        self.terminal.expect_exact("all said")
        called, *words = self.said.read_text().splitlines()
        assert called == "called"
        given = len(shlex.split(line[: line.rindex(" ")])) - 1
        return [word for word in words[given:] if word]

    def _fish(self, line: str) -> list[str]:
        asked = f"{self.source}; complete -C {shlex.quote(line)}"
        done = subprocess.run([self.program, "--no-config", "-c", asked], cwd=self.work, text=True,
                              env=self.env(), capture_output=True, timeout=SECONDS)  # fmt: skip
        assert done.stderr == ""
        return [row.partition("\t")[0] for row in done.stdout.splitlines()]

    def close(self) -> None:
        if self.terminal is not None:
            self.terminal.close(force=True)


@pytest.fixture(scope="module", params=SHELLS)
def asked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asked]:
    """Each shell with the script that the verb prints."""
    printed = doctor("completion", request.param)
    assert (printed.returncode, printed.stderr) == (0, "")
    shell = Asked(request.param, tmp_path_factory.mktemp(request.param), printed.stdout)
    yield shell
    shell.close()


VERBS = {"check", "machine", "level", "clients", "predict", "explain", "envs", "project", "triage",
         "fix", "bundle", "open", "compare", "completion"}  # fmt: skip
CHECKS = {check.ID for check in checks.CHECKS}
FILES = {"a folder", "my log.txt"}

EXPECTED: list[tuple[str, set[str]]] = [
    ("envdoctor ", VERBS),
    ("envdoctor c", {"check", "clients", "compare", "completion"}),
    ("envdoctor --p", {"--plain"}),
    ("envdoctor --from x ", VERBS),
    ("envdoctor --from ", FILES),
    ("envdoctor check ", CHECKS),
    ("envdoctor check mamba-h", {"mamba-hyphen-archspec"}),
    ("envdoctor --limit 5 check --json mamba-h", {"mamba-hyphen-archspec"}),
    ("envdoctor check --fail-on ", {"error", "warning", "never"}),
    ("envdoctor check --fail-on=w", {"warning"}),
    ("envdoctor check --from=m", {"my log.txt"}),
    ("envdoctor check --m", {"--markdown"}),
    ("envdoctor fix --remedy ", {*BY_NAME, "advice"}),
    ("envdoctor fix some-finding:conda --remedy upg", {"upgrade-client"}),
    ("envdoctor fix --log ", FILES),
    ("envdoctor predict --builds ", {"0", "1", "2", "3", "4"}),
    ("envdoctor triage ", FILES),
    ("envdoctor triage m", {"my log.txt"}),
    ("envdoctor compare one.zip ", FILES),
    ("envdoctor project --cpuinfo m", {"my log.txt"}),
    ("envdoctor bundle -o ", FILES),
    ("envdoctor completion ", set(SHELLS)),
]
"""A line, and all that is offered at its end."""


@pytest.mark.parametrize(("line", "expected"), [pytest.param(*row, id=row[0]) for row in EXPECTED])
def test_a_shell_offers_what_may_follow(asked: Asked, line: str, expected: set[str]) -> None:
    offered = {re.sub("^--[a-z-]+=", "", word).rstrip("/") for word in asked.offers(line)}
    assert offered == expected


@pytest.mark.parametrize(
    "line", ["fix", "fix --remedy x", "predict", "check --limit", "bundle --hide"]
)
def test_nothing_is_offered_where_nothing_is_known(asked: Asked, line: str) -> None:
    """Findings, for example: only an examination could tell them."""
    assert asked.offers(f"envdoctor {line} ") == []


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_option_of_the_help_is_offered(
    asked: Asked, verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([verb, "--help"])
    usage = capsys.readouterr().out.partition("\n\n")[0]
    flags = set(re.findall(r"(?<=[\[ |])--?[a-z][a-z-]*", usage)) - {"-h", "-o"}
    offered = set(asked.offers(f"envdoctor {verb} --"))
    assert offered == flags | {"--help"} | ({"--output"} if verb == "bundle" else set())


# --- quoting ---------------------------------------------------------------------------------

HOSTILE = ("it's", "$(touch ran)", "`touch ran`", "a b", "x:y", "semi;touch ran", 'say"so', "[a]*",
           "back\\slash", "~", "plain")  # fmt: skip


@pytest.mark.parametrize("shell", SHELLS)
def test_words_are_offered_as_they_are_and_never_run(shell: str, tmp_path: Path) -> None:
    parser = argparse.ArgumentParser("envdoctor")
    verb = parser.add_subparsers().add_parser("do", help="; ".join(HOSTILE))
    verb.add_argument("--pick", choices=HOSTILE, metavar="[:$(touch ran)'", help=" ".join(HOSTILE))
    verb.add_argument("what", choices=HOSTILE, metavar="`touch ran`", nargs="*")
    shown = Asked(shell, tmp_path, SCRIPTS[shell](commands(parser, {})))
    try:
        assert shown.offers("envdoctor d") == ["do"]
        assert set(shown.offers("envdoctor do ")) == set(HOSTILE)
        assert set(shown.offers("envdoctor do --pick ")) == set(HOSTILE)
        assert shown.offers("envdoctor do --p") == ["--pick"]
    finally:
        shown.close()
    assert sorted(path.name for path in shown.work.iterdir()) == sorted(FILES)


# --- where a shell is older or stricter ------------------------------------------------------


def test_a_bash_without_compopt_still_completes_files(tmp_path: Path) -> None:
    """bash 3.2, which macOS has, knows no `compopt`."""
    script = doctor("completion", "bash").stdout
    shown = Asked("bash", tmp_path, script, before=("enable -n compopt",))
    try:
        assert set(shown.offers("envdoctor triage ")) == FILES
        assert set(shown.offers("envdoctor --from m")) == {"my log.txt"}
        assert set(shown.offers("envdoctor completion ")) == set(SHELLS)
    finally:
        shown.close()


def test_bash_completes_where_unset_variables_are_errors(tmp_path: Path) -> None:
    shown = Asked("bash", tmp_path, doctor("completion", "bash").stdout, before=("set -u",))
    try:
        assert set(shown.offers("envdoctor c")) == {"check", "clients", "compare", "completion"}
        assert shown.offers("envdoctor machine ") == []
    finally:
        shown.close()


def test_zsh_finds_it_as_a_file_of_fpath(tmp_path: Path) -> None:
    folder = tmp_path / "zfunc"
    folder.mkdir()
    (folder / "_envdoctor").write_text(doctor("completion", "zsh").stdout)
    shown = Asked("zsh", tmp_path, "", before=(f"fpath+={shlex.quote(str(folder))}",))
    try:
        assert set(shown.offers("envdoctor check --fail-on ")) == {"error", "warning", "never"}
    finally:
        shown.close()


# --- the verb --------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", SHELLS)
def test_help_and_readme_say_where_it_goes(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["completion", "--help"])
    assert WHERE in capsys.readouterr().out
    assert f"envdoctor completion {shell} > ~/" in WHERE
    assert "envdoctor completion SHELL" in (ROOT / "README.md").read_text()


def test_another_shell_is_refused_with_those_that_there_are() -> None:
    done = doctor("completion", "ksh")
    assert (done.returncode, done.stdout) == (2, "")
    assert all(shell in done.stderr for shell in SHELLS)


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_the_readme_has_every_verb_with_its_options(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([verb, "--help"])
    flags = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out.partition("\n\n")[0]))
    readme = (ROOT / "README.md").read_text()
    rows = [row for row in readme.splitlines() if row.startswith(f"| `envdoctor {verb}")]
    everywhere = {"--from", "--plain", "--limit", "--cpuinfo"}
    assert rows
    assert flags - everywhere <= set(re.findall(r"--[a-z][a-z-]+", " ".join(rows))) | {"--output"}
    assert everywhere <= set(re.findall(r"--[a-z][a-z-]+", readme))
