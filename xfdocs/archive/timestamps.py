"""Asks an RFC 3161 server for time stamps. Imports pyHanko: loaded by who signs."""

from __future__ import annotations

from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError

from xfdocs.errors import TimestampRefused

_PATIENCE = 20
"""Seconds until an answer must have come."""


class Stamper(HTTPTimeStamper):
    """pyHanko's client; whatever goes wrong is one error of ours, and nothing gets signed."""

    def __init__(self, url: str) -> None:
        super().__init__(url, timeout=_PATIENCE)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """The token over a digest; raises `TimestampRefused`."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            return cms.ContentInfo.load(token.dump(), strict=True)
        except TimestampRequestError as error:
            raise TimestampRefused(where=self.url, why=_why(error)) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise TimestampRefused(where=self.url, why="答复不合 RFC 3161 的规定") from error

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The server's answer, read whole: what is wrong with it comes to light here."""
        response = await super().async_request_tsa_response(req)
        response.native  # noqa: B018  # asn1crypto reads only what is asked for
        return response


def _why(error: TimestampRequestError) -> str:
    cause = error.__cause__
    status = getattr(cause, "status", 0)
    if cause is None:
        return "服务器拒绝了请求"
    if isinstance(cause, TimeoutError):
        return f"等了 {_PATIENCE} 秒没有答复"
    return f"服务器答复 HTTP {status}" if status else "连不上服务器，或者它的答复不是时间戳"
