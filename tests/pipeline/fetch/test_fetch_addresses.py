"""Only public addresses are connected to, whatever a URL, a redirect or a name server says."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Any

import pytest

from pipeline.errors import BadAnswer
from pipeline.fetch.addresses import ForbiddenAddress, is_public, public_socket

PUBLIC = [
    "1.1.1.1", "8.8.8.8", "211.249.220.24", "2001:4860:4860::8888", "2404:4600::1", "::ffff:8.8.8.8",
    "64:ff9b::808:808", "2002:808:808::1",
]  # fmt: skip
NOT_PUBLIC = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1",
    "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::a00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "100::1", "2001:db8::1", "2001:10::1",
    "2002:7f00:1::", "2002:a00:1::1", "2001:0:808:808:0:0:f5ff:fffe", "fc00::1", "fd12:3456::1", "fe80::1",
    "fec0::1", "ff02::1", "ff0e::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


def refused(fetching, url: str) -> BadAnswer:
    with pytest.raises(BadAnswer) as caught:
        fetching.page(url, limits={"private": frozenset()})
    assert caught.value.reason == "forbidden_address"
    return caught.value


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.0.0.1", "0", "0.0.0.0",
        "localhost", "LOCALHOST", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]",
        "169.254.169.254", "100.100.100.200", "10.0.0.1", "[fe80::1%25eth0]", "１２７.0.0.1", "127。0。0。1",
    ],
)  # fmt: skip
def test_no_way_into_our_own_network(fetching, server, host: str) -> None:
    port = server.authority.rpartition(":")[2]
    refused(fetching, f"http://{host}:{port}/v/1")
    assert server.connections == 0


def test_a_redirect_is_no_way_in(fetching, server, other_server, reply) -> None:
    server.routes["/v/1"] = reply(302, b"", f"Location: {other_server.url}/secret")
    with pytest.raises(BadAnswer) as caught:
        fetching.page(f"{server.url}/v/1", limits={"private": {server.authority}})
    assert caught.value.reason == "forbidden_address"
    assert other_server.connections == 0


def test_robots_txt_is_no_way_in(fetching, server, other_server, reply) -> None:
    server.routes["/robots.txt"] = reply(302, b"", f"Location: {other_server.url}/robots.txt")
    server.routes["/v/1"] = reply(200, b"<p>page</p>")
    assert fetching.html(f"{server.url}/v/1", limits={"private": {server.authority}})
    assert other_server.connections == 0


def test_what_is_ours_is_one_host_and_port(fetching, server, other_server, reply) -> None:
    for it in (server, other_server):
        it.routes["/v/1"] = reply(200, b"<p>page</p>")
    private = {"private": {server.authority}}
    assert fetching.html(f"{server.url}/v/1", limits=private) == "<p>page</p>"
    with pytest.raises(BadAnswer):
        fetching.page(f"{other_server.url}/v/1", limits=private)


class Names:
    """A name server that gives the next of its answers at each look-up."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self, host: Any, port: Any, *args: Any, **more: Any) -> list[Any]:
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "",
                (address, port, 0, 0) if ":" in address else (address, port),
            )
            for address in found
        ]  # fmt: skip


@pytest.fixture
def names(monkeypatch):
    def install(*answers: list[str]) -> Names:
        server = Names(*answers)
        monkeypatch.setattr(socket, "getaddrinfo", server)
        return server

    return install


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "::ffff:192.168.0.1"])
def test_a_name_that_leads_inside(fetching, server, names, address: str) -> None:
    names([address])
    error = refused(fetching, f"http://news.example:{server.authority.rpartition(':')[2]}/v/1")
    assert "news.example" in error.detail
    assert server.connections == 0


def test_only_the_public_ones_of_mixed_answers_are_tried(names) -> None:
    """A socket is made for the public one and for no other; it is not connected here."""
    tried = []
    for info in names(["127.0.0.1", "8.8.8.8", "10.0.0.1", "::1"])("news.example", 80):
        try:
            public_socket(info).close()
        except ForbiddenAddress:
            continue
        tried.append(info[4][0])
    assert tried == ["8.8.8.8"]


def test_a_name_with_no_public_answer_is_not_tried(fetching, server, names) -> None:
    names(["127.0.0.1", "10.0.0.1", "::1"])
    refused(fetching, f"http://news.example:{server.authority.rpartition(':')[2]}/v/1")
    assert server.connections == 0


def test_a_name_that_changes_its_mind(fetching, server, names) -> None:
    """What was looked up is what is connected to: there is no second look-up to be lied to in."""
    asked = names(["10.0.0.1"], ["127.0.0.1"])
    refused(fetching, f"http://news.example:{server.authority.rpartition(':')[2]}/v/1")
    assert (asked.asked, server.connections) == (1, 0)
