#!/usr/bin/env python3
"""Writes sigv4_vectors.txt, requests with the signature that botocore gives them.

    python3 -m venv v && v/bin/pip install botocore==1.44.8
    v/bin/python tests/unit/aws/make_sigv4_vectors.py > tests/unit/aws/sigv4_vectors.txt

The table is committed, so that the test needs neither Python nor a network. Each case is a block of lines
`field value`; bytes outside printable ASCII and `%` itself stand as %XX; `body` may be followed by `body-times`.
"""

import datetime
import string
import sys

import botocore
import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

PINNED = "1.44.8"
HOST = "dynamodb.us-east-1.amazonaws.com"
JSON_HEADERS = [
    ("Host", HOST),
    ("Content-Type", "application/x-amz-json-1.0"),
    ("X-Amz-Target", "DynamoDB_20120810.GetItem"),
]
KEYS = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "")
NOON = datetime.datetime(2026, 1, 31, 12, 0, 0)


def case(name, *, url=f"https://{HOST}/", method="POST", headers=JSON_HEADERS, body=b"{}", body_times=1, keys=KEYS,
         region="us-east-1", service="dynamodb", now=NOON):
    """One request, signed; the fields in the order they are written."""
    request = AWSRequest(method=method, url=url, data=body * body_times)
    for header, value in headers:
        request.headers[header] = value  # adds: names may repeat
    botocore.auth.get_current_datetime = lambda *_, **__: now
    botocore.auth.SigV4Auth(Credentials(keys[0], keys[1], keys[2] or None), service, region).add_auth(request)
    rest = url.split("://", 1)[1]
    authority, slash, target = rest.partition("/")
    yield "case", name
    yield "scheme", url.split("://", 1)[0]
    yield "authority", authority
    yield "target", slash + target
    yield "method", method
    yield from (("header", f"{header}: {value}") for header, value in headers)
    yield "body", body
    yield "body-times", str(body_times)
    yield "key", keys[0]
    yield "secret", keys[1]
    yield "token", keys[2]
    yield "region", region
    yield "service", service
    yield "time", str(int(now.replace(tzinfo=datetime.timezone.utc).timestamp()))
    yield "authorization", request.headers["Authorization"]


def with_header(*more):
    return JSON_HEADERS + list(more)


def header_cases():
    for c in string.printable[:95]:
        value = f"{c}a{c}{c}b{c}"
        yield case(f"header value of {c!r}", headers=with_header(("X-Amz-Meta", value)))
    for c in string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~":
        yield case(f"header name with {c!r}", headers=with_header((f"x-{c}-y", "1")))
    for value in ("", " ", "  a   b  ", "a\tb", "\t a \t\t b\t", "a,b", " a , b ", '"a   b"', "caf\u00e9", "\u65e5\u672c"):
        yield case(f"header value {ascii(value)}", headers=with_header(("X-Amz-Meta", value)))
    yield case("repeated header", headers=with_header(("X-A", "2"), ("x-a", " 1"), ("X-A", "2")))
    yield case("headers out of order", headers=list(reversed(with_header(("a-b", "1"), ("a", "2"), ("A_b", "3")))))
    yield case("headers without host", headers=JSON_HEADERS[1:])
    for name in ("User-Agent", "Connection", "Expect", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
                 "X-Amzn-Trace-Id", "Proxy-Authorization", "Proxy-Authenticate", "baggage", "traceparent", "tracestate",
                 "Content-Length", "Accept-Encoding", "amz-sdk-invocation-id", "Authorization", "X-Amz-Date"):
        yield case(f"beside {name}", headers=with_header((name, "left")))
    yield case("payload hash given", headers=with_header(("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD")))


def body_cases():
    yield case("body empty", body=b"")
    for byte in range(256):
        yield case(f"body of byte {byte}", body=bytes([byte]))
    for length in (55, 56, 63, 64, 65, 119, 120, 127, 128):
        yield case(f"body of {length} bytes", body=b"x", body_times=length)
    yield case("body of every byte", body=bytes(range(256)))
    yield case("body of a mebibyte", body=bytes(range(256)), body_times=4096)


def target_cases():
    for path in ("/", "//", "/a", "/a/", "/a//b", "/a/./b", "/a/../b", "/../a", "/a/..", "/a/../", "/.", "/%20", "/a%2Fb",
                 "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af/invocations",
                 "/~-._", "/a:b@c!d$e&f'g(h)i*j+k,l;m=n", "/caf\u00e9"):
        yield case(f"path {ascii(path)}", url=f"https://{HOST}{path}", method="GET", body=b"")
    for query in ("", "a", "a=", "a=b", "b=1&a=2", "a=2&a=1", "a=1&a", "A=1&a=1", "a=b=c", "&", "a&&b", "a-b=1&a=2", "a%20b=c%2Fd",
                  "Action=GetCallerIdentity&Version=2011-06-15"):
        yield case(f"query {query!r}", url=f"https://{HOST}/?{query}", method="GET", body=b"")
    for method in ("GET", "PUT", "DELETE", "HEAD", "get"):
        yield case(f"method {method}", method=method, body=b"")
    for url in ("http://localhost:8000/", "http://127.0.0.1:80/", "https://localhost:443/", "https://localhost:8443/",
                "http://[::1]:8000/", "http://localhost:443/"):
        yield case(f"authority of {url}", url=url, headers=JSON_HEADERS[1:])


def key_cases():
    yield case("session token", keys=(*KEYS[:2], "IQoJb3JpZ2luX2VjE//token+with/all=="))
    yield case("long secret", keys=("K", "s" * 100, ""))
    for region, service in (("eu-central-1", "dynamodb"), ("cn-north-1", "dynamodb"), ("us-gov-west-1", "sts"),
                            ("us-east-1", "cloudformation"), ("us-east-1", "lambda")):
        yield case(f"{service} in {region}", region=region, service=service)
    for now in (datetime.datetime(2000, 2, 29, 23, 59, 59), datetime.datetime(2026, 2, 1), datetime.datetime(2099, 12, 31, 1, 2, 3)):
        yield case(f"at {now.isoformat()}", now=now)


def encoded(value):
    data = value if isinstance(value, bytes) else value.encode()
    return "".join(chr(b) if 0x20 <= b < 0x7F and b != 0x25 else f"%{b:02X}" for b in data)


def main():
    if botocore.__version__ != PINNED:
        sys.exit(f"botocore {PINNED} wanted, found {botocore.__version__}")
    print(f"# Made by make_sigv4_vectors.py with botocore {PINNED}.")
    for group in (header_cases, body_cases, target_cases, key_cases):
        for fields in group():
            print()
            for field, value in fields:
                print(field, encoded(value))


if __name__ == "__main__":
    main()
