"""Completion scripts for bash, zsh and fish: from what may be typed to the text of a script.

Every word is quoted once for each time that its shell reads it, so that none is ever run.
"""

from collections.abc import Callable, Iterable, Iterator
from shlex import quote

from doctor.cli.completion import Commands, Option, Place, Verb

# --- bash ------------------------------------------------------------------------------------

_BASH = """\
# What bash offers after @program@; made by: @program@ completion bash
_@program@() {
    local cur=${COMP_WORDS[COMP_CWORD]} verb= option= files= word i
    local -a words=() options=()
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $word == '=' ]]; then continue; fi # --option=value is three words here
        if [[ -n $option ]]; then option=; continue; fi
        case "$verb $word" in
@read@
        esac
    done
    if [[ $cur == '=' ]]; then cur=; fi
    case "$verb $option" in
@offer@
    esac
    if [[ -z $option && $cur == -* ]]; then words=("${options[@]}") files=; fi
    for word in "${words[@]}"; do
        if [[ $word == "$cur"* ]]; then
            printf -v word %q "$word"
            COMPREPLY+=("$word")
        fi
    done
    if [[ -n $files ]]; then compopt -o default 2>/dev/null; fi
    return 0
}
if type compopt >/dev/null 2>&1; then
    complete -F _@program@ @program@
else # bash 3 cannot say where it wants files
    complete -o default -F _@program@ @program@
fi
"""


def bash(commands: Commands) -> str:
    """For bash 3.2 and newer; file names are left to bash itself, which quotes them."""
    verbs = (Verb("", "", commands.options, (Place("", _names(commands)),)), *commands.verbs)
    read = [_arm((f" {name}" for name in _names(commands)), "verb=$word")]
    read += [_arm(flags, "option=$word") for verb in verbs if (flags := [*_valued(verb)])]
    offer = [arm for verb in verbs for arm in _bash_verb(verb)]
    return _filled(_BASH, commands, read=_lines(read, 8), offer=_lines(offer, 4))


def _bash_verb(verb: Verb) -> Iterator[str]:
    """One arm for each option that takes words or files, and one for the verb's own places."""
    for option in verb.options:
        value = option.value
        if value is not None and (value.words or value.files):
            yield _arm((f"{verb.name} {flag}" for flag in option.flags), _bash_place(value))
    flags = (flag for option in verb.options for flag in option.flags)
    own = "".join(f" {_bash_place(place)}" for place in verb.places if place.words or place.files)
    yield _arm([f"{verb.name} "], f"options=({_words(flags)}){own}")


def _bash_place(place: Place) -> str:
    return "files=1" if place.files else f"words=({_words(place.words)})"


def _valued(verb: Verb) -> Iterator[str]:
    """The options of a verb that a value has to follow, as the loop over words meets them."""
    for option in verb.options:
        if option.value is not None:
            yield from (f"{verb.name} {flag}" for flag in option.flags)


def _arm(patterns: Iterable[str], does: str) -> str:
    return f"{'|'.join(map(quote, patterns))}) {does} ;;"


# --- zsh -------------------------------------------------------------------------------------

_ZSH = """\
#compdef @program@
# What zsh offers after @program@; made by: @program@ completion zsh
_@program@() {
    local curcontext=$curcontext state line
    local -A opt_args
    local -a verbs=(
@verbs@
    )
    _arguments -C @options@ '1:verb:->verb' '*::argument:->rest' && return
    case $state in
    (verb) _describe -t verbs verb verbs ;;
    (rest)
        curcontext=${curcontext%:*:*}:@program@-$words[1]:
        case $words[1] in
@arms@
        esac ;;
    esac
}
if [[ $funcstack[1] == _@program@ ]]; then _@program@ "$@"; else compdef _@program@ @program@; fi
"""


def zsh(commands: Commands) -> str:
    """For zsh's own completion system; works sourced and as a file of `fpath`."""
    verbs = (quote(f"{_colons(verb.name)}:{verb.text}") for verb in commands.verbs)
    arms = (f"({quote(verb.name)}) _arguments {_zsh_verb(verb)} ;;" for verb in commands.verbs)
    options = " ".join(spec for option in commands.options for spec in _zsh_option(option))
    return _filled(_ZSH, commands, verbs=_lines(verbs, 4), arms=_lines(arms, 8), options=options)


def _zsh_verb(verb: Verb) -> str:
    specs = [spec for option in verb.options for spec in _zsh_option(option)]
    for number, place in enumerate(verb.places, start=1):
        which = "*" if verb.many and place is verb.places[-1] else str(number)
        specs.append(quote(f"{which}{_zsh_place(place)}"))
    return " ".join(specs)


def _zsh_option(option: Option) -> Iterator[str]:
    """One per spelling; `+` after a short one and `=` after a long one say where values stand."""
    first = "*" if option.many else f"({' '.join(option.flags)})"
    for flag in option.flags:
        if option.value is None:
            end, place = "", ""
        else:
            end, place = ("=" if flag.startswith("--") else "+"), _zsh_place(option.value)
        yield quote(f"{first}{flag}{end}[{_brackets(option.text)}]{place}")


def _zsh_place(place: Place) -> str:
    action = "_files" if place.files else f"({_colons(_words(place.words))})"
    return f":{_colons(place.name)}:{action if place.files or place.words else ' '}"


def _colons(text: str) -> str:
    return text.replace(":", "\\:")


def _brackets(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return _colons(escaped)


# --- fish ------------------------------------------------------------------------------------

_FISH = """\
# What fish offers after @program@; made by: @program@ completion fish
function __@program@_verb_is
    for word in (commandline -opc)[2..]
        if contains -- $word @names@
            test "$word" = "$argv[1]"
            return
        end
    end
    test -z "$argv[1]"
end
complete -c @program@ -e
complete -c @program@ -f
@lines@
"""


def fish(commands: Commands) -> str:
    """For fish 3 and newer."""
    lines = [line for option in commands.options for line in _fish_option("", option)]
    for verb in commands.verbs:
        lines.append(f"{_fish_when('')} -a {_fish_words([verb.name])}{_fish_text(verb.text)}")
        lines += [line for option in verb.options for line in _fish_option(verb.name, option)]
        lines += [f"{_fish_when(verb.name)}{_fish_place(place)}" for place in verb.places
                  if place.files or place.words]  # fmt: skip
    names = " ".join(map(_fish_quoted, _names(commands)))
    return _filled(_FISH, commands, names=names, lines=_lines(
        (f"complete -c @program@ {line}" for line in lines), 0))  # fmt: skip


def _fish_when(verb: str) -> str:
    return f"-n {_fish_quoted(f'__@program@_verb_is {_fish_quoted(verb)}')}"


def _fish_option(verb: str, option: Option) -> Iterator[str]:
    spelt = "".join(
        f" -l {_fish_quoted(flag[2:])}" if flag.startswith("--") else f" -s {flag[1:]}"
        for flag in option.flags
    )
    value = ""
    if option.value is not None:
        value = " -r" if option.value.files else " -x"
        value += _fish_place(option.value)
    yield f"{_fish_when(verb)}{spelt}{value}{_fish_text(option.text)}"


def _fish_place(place: Place) -> str:
    if place.files:
        return " -F"
    return f" -a {_fish_words(place.words)}" if place.words else ""


def _fish_words(words: Iterable[str]) -> str:
    """Read twice: as an argument of `complete`, and when Tab is pressed."""
    return _fish_quoted(" ".join(map(_fish_quoted, words)))


def _fish_text(text: str) -> str:
    return f" -d {_fish_quoted(text)}" if text else ""


def _fish_quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


# --- all -------------------------------------------------------------------------------------


def _names(commands: Commands) -> tuple[str, ...]:
    return tuple(verb.name for verb in commands.verbs)


def _words(words: Iterable[str]) -> str:
    return " ".join(map(quote, words))


def _lines(lines: Iterable[str], indent: int) -> str:
    return "\n".join(f"{' ' * indent}{line}" for line in lines)


def _filled(template: str, commands: Commands, **parts: str) -> str:
    for name, text in parts.items():
        template = template.replace(f"@{name}@", text)
    return template.replace("@program@", commands.program)


SCRIPTS: dict[str, Callable[[Commands], str]] = {"bash": bash, "zsh": zsh, "fish": fish}
"""By shell."""
