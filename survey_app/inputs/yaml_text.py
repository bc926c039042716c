"""YAML text -> plain values, with the line of every one; hostile text is refused, not followed."""

from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from survey_app.core.problems import Code, Problem, ProblemsFound

LARGEST_FILE = 2_000_000  # bytes; the real questionnaire has 66,000
DEEPEST = 20  # levels; the real questionnaire has 7
PREFIX = "tag:yaml.org,2002:"


@dataclass(slots=True)
class YamlText:
    """What a file holds, and where each part of it stands.

    lines: path of keys and positions, joined by dots -> line from 1.
    """

    name: str
    value: object = None
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: str) -> str:
        """The place of `path` for a person: file and line; the nearest one around it if it is not there."""
        steps = path.split(".") if path else []
        while steps and ".".join(steps) not in self.lines:
            steps.pop()
        line = self.lines.get(".".join(steps), 1)
        return f"{self.name}:{line}"


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises:
        ProblemsFound: it is not there, too large, or not UTF-8.
    """
    if not path.is_file():
        raise ProblemsFound([Problem(code=Code.FILE_MISSING, where=str(path))])
    size = path.stat().st_size
    if size > LARGEST_FILE:
        values = {"size": size, "limit": LARGEST_FILE}
        raise ProblemsFound([Problem(code=Code.FILE_TOO_LARGE, where=str(path), values=values)])
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ProblemsFound([Problem(code=Code.FILE_NOT_TEXT, where=str(path))]) from None


def read_yaml(path: Path) -> YamlText:
    """Read a YAML file into plain values: dict, tuple, str, int, float, bool, None.

    Raises:
        ProblemsFound: broken YAML, keys that stand twice, anchors, tags, or nesting without end.
    """
    found = YamlText(str(path))
    try:
        node = YAML(typ="safe", pure=True).compose(read_text(path))
        found.value = _plain(node, "", 0, found)
    except RecursionError:
        raise ProblemsFound([Problem(code=Code.YAML_TOO_DEEP, where=str(path), values={"limit": DEEPEST})]) from None
    except MarkedYAMLError as error:
        raise ProblemsFound([_broken(path, error)]) from None
    except (YAMLError, ValueError) as error:
        detail = str(error).splitlines()[0]
        raise ProblemsFound([Problem(code=Code.YAML_BROKEN, where=str(path), values={"detail": detail})]) from None
    if found.problems:
        raise ProblemsFound(found.problems)
    return found


def _broken(path: Path, error: MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    where = f"{path}:{mark.line + 1}" if mark else str(path)
    detail = " ".join(str(part) for part in (error.context, error.problem) if part)
    return Problem(code=Code.YAML_BROKEN, where=where, values={"detail": detail or "unreadable"})


def _plain(node: Node | None, path: str, depth: int, found: YamlText) -> object:
    if node is None:
        return None
    line = node.start_mark.line + 1
    found.lines.setdefault(path, line)
    if depth > DEEPEST:
        found.problems.append(_at(found, line, Code.YAML_TOO_DEEP, limit=DEEPEST))
        return None
    if node.anchor:
        found.problems.append(_at(found, line, Code.YAML_ALIAS))
        return None
    if isinstance(node, MappingNode):
        return _mapping(node, path, depth, found)
    if isinstance(node, SequenceNode):
        return tuple(_plain(child, _step(path, n), depth + 1, found) for n, child in enumerate(node.value))
    assert isinstance(node, ScalarNode)
    return _scalar(node, line, found)


def _mapping(node: MappingNode, path: str, depth: int, found: YamlText) -> dict[str, object]:
    values: dict[str, object] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            found.problems.append(_at(found, line, Code.YAML_KEY_NOT_TEXT))
            continue
        key = str(key_node.value)
        if key in values:
            found.problems.append(_at(found, line, Code.YAML_KEY_TWICE, given=key))
            continue
        found.lines[_step(path, key)] = line
        values[key] = _plain(value_node, _step(path, key), depth + 1, found)
    return values


def _scalar(node: ScalarNode, line: int, found: YamlText) -> object:
    tag = str(node.tag).removeprefix(PREFIX)
    text = str(node.value)
    match tag:
        case "str" | "timestamp":
            return text
        case "int":
            return (
                int(text.replace("_", ""), 0) if text.lower().startswith(("0x", "0o")) else int(text.replace("_", ""))
            )
        case "float":
            return float(text)
        case "bool":
            return text.lower() == "true"
        case "null":
            return None
        case _:
            found.problems.append(_at(found, line, Code.YAML_TAG, given=tag))
            return None


def _step(path: str, step: str | int) -> str:
    return f"{path}.{step}" if path else str(step)


def _at(found: YamlText, line: int, code: Code, **values: str | int) -> Problem:
    return Problem(code=code, where=f"{found.name}:{line}", values=values)
