"""Write nested values as YAML in every style: block, flow, plain, quoted, folded, literal, anchors, merges, tags."""

import json
from random import Random
from typing import Any


class YamlWriter:
    """Write nested values in random styles; most results are valid YAML."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.step = random.choice((1, 2, 2, 2, 4))
        self.anchors = 0

    def block(self, value: Any, indent: int) -> str:
        """A value after its key or dash: on the same line, or on lines of its own."""
        pad = "\n" + " " * indent
        flow = self.random.random() < 0.15
        if isinstance(value, dict) and value and not flow:
            return "".join(self._pair(key, item, indent, pad) for key, item in value.items())
        if isinstance(value, list) and value and not flow:
            return "".join(f"{pad}-{self._anchor()}{self.block(item, indent + 2)}" for item in value)
        if isinstance(value, str) and self.random.random() < 0.1:
            return self._lines(value, indent + 1)
        return " " + self.flow(value)

    def _pair(self, key: str, value: Any, indent: int, pad: str) -> str:
        if self.anchors and self.random.random() < 0.03:
            return f"{pad}<<: *a{self.random.randrange(self.anchors)}"
        if self.random.random() < 0.01:
            return f"{pad}? {self.flow(key)}{pad}:{self.block(value, indent + self.step)}"
        return f"{pad}{self._key(key)}:{self._anchor()}{self.block(value, indent + self.step)}"

    def _anchor(self) -> str:
        if self.random.random() > 0.02:
            return ""
        self.anchors += 1
        return f" &a{self.anchors - 1}"

    def _key(self, key: str) -> str:
        is_plain = key.replace("-", "a").isalnum() and self.random.random() < 0.95
        return key if is_plain else self._quoted(key)

    def _lines(self, text: str, indent: int) -> str:
        style = self.random.choice("|>") + self.random.choice(("", "-", "+", "2"))
        return f" {style}" + "".join("\n" + " " * indent + line for line in text.split("\n"))

    def flow(self, value: Any) -> str:
        """A value in flow style, on one line."""
        if isinstance(value, dict):
            return "{" + ", ".join(f"{self._key(key)}: {self.flow(item)}" for key, item in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(self.flow, value)) + "]"
        chance = self.random.random()
        if self.anchors and chance < 0.03:
            return f"*a{self.random.randrange(self.anchors)}"
        if chance < 0.04:
            return self.random.choice(("!!str ", "!!int ", "!t ", "!!binary ", "!!python/object:os.system ")) + value
        is_plain = value.replace(" ", "a").replace("-", "a").isalnum() and value.strip() == value
        return value if (is_plain and chance < 0.9) or chance > 0.98 else self._quoted(value)

    def _quoted(self, text: str) -> str:
        if self.random.random() < 0.5:
            return json.dumps(text, ensure_ascii=self.random.random() < 0.5)
        return "'" + text.replace("'", "''") + "'"
