"""The ways to hubs: opened when they are first used, kept while the password stays the same."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from member_tracker.sync.address import HubAddress
    from member_tracker.sync.administration import Administration
    from member_tracker.sync.hub import Hub


@dataclass(slots=True, kw_only=True)
class HubConnections:
    """Opens hubs; `known` are passwords that opened one since the program started, `refused` those that did not."""

    known: "dict[HubAddress, str]" = field(default_factory=dict, repr=False)
    refused: "set[tuple[HubAddress, str]]" = field(default_factory=set, repr=False)
    _open: "dict[HubAddress, tuple[str | None, Hub]]" = field(default_factory=dict, repr=False)

    def open(self, address: "HubAddress", password: str | None) -> "Hub":
        """The hub as that login sees it; nothing is asked of it yet."""
        kept = self._open.get(address)
        if kept is not None and kept[0] == password:
            return kept[1]
        from member_tracker.sync.postgres import PostgresHub

        self.close(address)
        hub = PostgresHub(address.connection, password=password)
        self._open[address] = password, hub
        return hub

    def administer(self, address: "HubAddress", password: str | None) -> "Administration":
        """What only an administrator may do there; to be closed afterwards."""
        from member_tracker.sync.administration import Administration

        return Administration(address.connection, password=password)

    def forget(self, address: "HubAddress") -> None:
        """Close the way there and forget the password that opened it."""
        self.known.pop(address, None)
        self.close(address)

    def close(self, address: "HubAddress | None" = None) -> None:
        """Close the way to one hub, or to all."""
        for each in [address] if address else list(self._open):
            kept = self._open.pop(each, None)
            if kept is not None:
                kept[1].close()
