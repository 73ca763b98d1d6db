"""The Python zae-limiter 0.6 and this program on one table, by our endpoint and by Amazon's DynamoDB Local.

usage: python_limiter_test.py PROGRAM
"""
import os
import unittest

from zae_limiter import Limit, RateLimitExceeded, SyncRateLimiter

from dynamodb_local import DynamoDbLocal
from served_directory import ServedDirectory


class Interoperation:
    """What holds on either server. Each test has a table of its own."""

    def python(self):
        """A limiter of the Python library on the table; its caches are off, so that it sees our changes."""
        os.environ.update({name: self.environment[name] for name in
                           ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION")})
        limiter = SyncRateLimiter(name=self.environment["ZAEL_NAME"], region="eu-west-1", endpoint_url=self.url,
                                  config_cache_ttl=0)
        self.addCleanup(limiter.close)
        return limiter

    def python_makes_the_table(self, limiter):
        limiter._run(limiter._limiter._repository.create_table())

    def balance(self, limiter, entity="key-1", resource="gpt-4"):
        return limiter.available(entity, resource, limits=None)

    def acquire(self, limiter, amount, entity="key-1", resource="gpt-4"):
        with limiter.acquire(entity, resource, limits=None, consume={"tokens": amount}):
            pass

    def ours_acquires(self, amount, code=0):
        return self.document("acquire", "key-1", "gpt-4", "-c", f"tokens={amount}", code=code)

    def test_a_table_made_by_python_is_shown_changed_and_used_by_us(self):
        limiter = self.python()
        self.python_makes_the_table(limiter)
        limiter.create_entity("project-1", name="Search team")
        limiter.create_entity("key-1", parent_id="project-1", metadata={"owner": "ann"})
        limiter.set_system_defaults([Limit.per_hour("tokens", 100)])
        limiter.set_resource_defaults("gpt-4", [Limit.per_hour("tokens", 200)])
        limiter.set_limits("project-1", [Limit.per_hour("tokens", 500)])
        limiter.set_limits("key-1", [Limit.per_hour("tokens", 50, burst=60)], resource="gpt-4")
        self.acquire(limiter, 10)

        status = self.document("status", code=1)  # not healthy: the table Python makes by itself has no ttl
        self.assertEqual((status["schema_version"], status["client_min_version"]), ("1.0.0", "0.0.0"))
        entity = self.document("entity", "show", "key-1")
        self.assertEqual((entity["parent"], entity["metadata"]), ("project-1", {"owner": "ann"}))
        self.assertEqual(self.document("system", "get-defaults")["limits"][0]["capacity"], 100)
        self.assertEqual(self.document("resource", "get-defaults", "gpt-4")["limits"][0]["capacity"], 200)
        self.assertEqual(self.document("entity", "get-limits", "project-1")["limits"][0]["capacity"], 500)
        self.assertEqual(self.document("available", "key-1", "gpt-4")["available"][0]["available"], 50)
        actions = {event["action"] for event in self.document("audit", "list", "key-1")["events"]}
        self.assertLessEqual({"entity_created", "limits_set"}, actions)
        self.run_program("system", "set-defaults", "-l", "tokens:110/hour")
        self.run_program("resource", "set-defaults", "gpt-4", "-l", "tokens:210/hour")
        self.run_program("entity", "set-limits", "project-1", "-l", "tokens:510/hour")
        self.run_program("entity", "set-limits", "key-1", "--resource", "gpt-4", "-l", "tokens:70/hour:80")
        self.run_program("entity", "create", "key-2", "--parent", "project-1")
        self.ours_acquires(5)

        limiter = self.python()
        self.assertEqual([limit.capacity for limit in limiter.get_system_defaults()[0]], [110])
        self.assertEqual([limit.capacity for limit in limiter.get_resource_defaults("gpt-4")], [210])
        self.assertEqual([limit.capacity for limit in limiter.get_limits("project-1")], [510])
        self.assertEqual([(limit.capacity, limit.burst) for limit in limiter.get_limits("key-1", resource="gpt-4")],
                         [(70, 80)])
        self.assertEqual({child.id for child in limiter.get_children("project-1")}, {"key-1", "key-2"})
        events = limiter.get_audit_events("key-1")
        self.assertEqual([event.action for event in events].count("limits_set"), 2, events)

    def test_a_table_made_by_us_is_shown_changed_and_used_by_python(self):
        self.run_program("deploy")
        self.run_program("system", "set-defaults", "-l", "tokens:1000/hour")
        self.run_program("resource", "set-defaults", "gpt-4", "-l", "tokens:400/hour")
        self.run_program("entity", "create", "project-1", "--label", "Search team")
        self.run_program("entity", "create", "key-1", "--label", "A key", "--parent", "project-1")
        self.run_program("entity", "set-limits", "key-1", "--resource", "gpt-4", "-l", "tokens:100/24h")
        self.ours_acquires(30)
        limiter = self.python()
        self.assertEqual(limiter.get_entity("key-1").name, "A key")
        self.assertEqual({child.id for child in limiter.get_children("project-1")}, {"key-1"})
        self.assertEqual([limit.capacity for limit in limiter.get_system_defaults()[0]], [1000])
        self.assertEqual([limit.capacity for limit in limiter.get_resource_defaults("gpt-4")], [400])
        self.assertEqual([limit.capacity for limit in limiter.get_limits("key-1", resource="gpt-4")], [100])
        self.assertEqual(self.balance(limiter), {"tokens": 70})
        self.assertLessEqual({"entity_created", "limits_set"},
                             {event.action for event in limiter.get_audit_events("key-1")})

        limiter.set_limits("key-1", [Limit.per_hour("tokens", 30)], resource="gpt-3")
        limiter.create_entity("key-2", parent_id="project-1")
        shown = self.document("explain", "key-1", "gpt-3")
        self.assertIn("tokens:30/hour", shown["levels"][0]["limits"])
        self.assertEqual(self.document("entity", "show", "key-2")["parent"], "project-1")

    def test_both_take_from_one_bucket_in_turn_and_see_each_others_balance(self):
        self.run_program("deploy")
        self.run_program("entity", "create", "key-1")
        self.run_program("entity", "set-limits", "key-1", "--resource", "gpt-4", "-l", "tokens:100/24h")
        limiter = self.python()
        left = 100
        for round_number in range(3):
            self.acquire(limiter, 7)
            left -= 7
            shown = self.document("available", "key-1", "gpt-4")["available"][0]
            self.assertEqual(shown["available"], left, round_number)
            self.assertTrue(self.ours_acquires(11)["granted"])
            left -= 11
            self.assertEqual(self.balance(limiter), {"tokens": left}, round_number)
        self.assertEqual(left, 46)
        with self.assertRaises(RateLimitExceeded):
            self.acquire(limiter, 47)
        self.ours_acquires(47, code=1)
        self.acquire(limiter, 46)
        self.ours_acquires(1, code=1)


class OnOurEndpoint(Interoperation, ServedDirectory):
    with_keys = True


class OnDynamoDbLocal(Interoperation, ServedDirectory):
    served = False
    tables_made = 0

    @classmethod
    def setUpClass(cls):
        server = DynamoDbLocal()
        cls.addClassCleanup(server.end)
        cls.url = server.url

    def setUp(self):
        super().setUp()
        OnDynamoDbLocal.tables_made += 1
        del self.environment["ZAEL_DATA_DIR"]
        self.environment |= {"ZAEL_NAME": f"demo-{self.tables_made}", "AWS_REGION": "eu-west-1"}

    def run_program(self, *words, code=0):
        return super().run_program(*words, "--endpoint-url", self.url, "--timeout", "60s", code=code)


if __name__ == "__main__":
    unittest.main(argv=["python_limiter_test"], verbosity=2, warnings="ignore")  # those of the library
