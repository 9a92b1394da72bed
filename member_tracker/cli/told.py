"""A story told in the terminal: a line at a time, and kept for --json."""

from dataclasses import dataclass, field

from member_tracker.cli.call import Call


@dataclass(slots=True, kw_only=True)
class Told:
    """What was done and what came of it, step by step; silent where only JSON is wanted."""

    is_silent: bool
    steps: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def to(cls, call: Call) -> "Told":
        """A story for whoever made this call."""
        return cls(is_silent=call.as_json)

    def say(self, line: str) -> None:
        """Say something that is no step."""
        if not self.is_silent:
            print(line, flush=True)

    def step(self, what: str, found: str) -> None:
        """Tell a step."""
        self.steps.append({"step": what, "found": found})
        self.say(f"{len(self.steps)}. {what}\n   {found}")
