"""Which addresses may be connected to: those of the public internet, and no way into our own network.

The registries of special-purpose addresses are IANA's (RFC 6890); an IPv6 address that carries an IPv4 one is
judged by both.
"""

from __future__ import annotations

import socket
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from typing import Any, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
AddressInfo: TypeAlias = tuple[Any, Any, int, str, tuple[Any, ...]]
"""What getaddrinfo says of one address: family, type, protocol, canonical name, socket address."""

# Python 3.11 counts some of these as global; CGNAT (100.64/10) holds the metadata service of one large cloud.
_NEVER = tuple(
    map(
        IPv4Network,
        ("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4"),
    )
)  # fmt: skip
_NEVER_IPV6 = tuple(map(IPv6Network, ("64:ff9b:1::/48", "100::/64", "2001::/23", "fec0::/10")))
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_COMPATIBLE = IPv6Network("::/96")  # deprecated by RFC 4291, still routed by some


class ForbiddenAddress(OSError):
    """A connection was not even tried: the address is not public."""


def is_public(address: Address) -> bool:
    """Is this an address that anybody on the internet would reach?"""
    if isinstance(address, IPv6Address):
        inner = _carried(address)
        if inner is not None:
            return is_public(inner)
        if any(address in network for network in _NEVER_IPV6):
            return False
    elif any(address in network for network in _NEVER):
        return False
    return address.is_global and not address.is_multicast


def _carried(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:  # 2002::/16, RFC 3056
        return address.sixtofour
    if address.teredo is not None:  # (server, client), RFC 4380: the client is who would be reached
        return address.teredo[1]
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def public_socket(info: AddressInfo) -> socket.socket:
    """Return a socket for an address that was looked up, at the very moment before it is connected.

    There is no look-up between this check and the connection, so a name that answers differently the
    second time (DNS rebinding) gains nothing.

    Raises:
        ForbiddenAddress: the address is private, loopback, link-local or otherwise not public.
    """
    family, kind, protocol, _, (host, *_) = info
    if not is_public(ip_address(str(host).partition("%")[0])):
        raise ForbiddenAddress("the address is not a public one")
    return socket.socket(family, kind, protocol)
