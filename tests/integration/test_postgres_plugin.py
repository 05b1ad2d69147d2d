"""The database fixtures themselves: what every other database test stands on."""

import psycopg

from shared.database import connect


async def test_each_role_sees_its_own_schema_and_limits(database: str) -> None:
    async with connect("payment") as connection:
        row = await (
            await connection.execute(
                "SELECT current_user AS me, current_schema() AS here,"
                " current_setting('lock_timeout') AS patience"
            )
        ).fetchone()
    assert row == {"me": "payment", "here": "payment", "patience": "2s"}


async def test_tests_do_not_see_each_other(database: str) -> None:
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM payment.outbox").fetchone() == (0,)
        connection.execute(
            "INSERT INTO payment.outbox (message_id, queue, body, claimed_until)"
            " VALUES (gen_random_uuid(), 'q', 'b', now())"
        )


async def test_tests_still_do_not_see_each_other(database: str) -> None:
    await test_tests_do_not_see_each_other(database)
