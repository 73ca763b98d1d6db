"""The Python zae-limiter 0.6 and this program on one table, by our endpoint. usage: python_limiter_test.py PROGRAM"""
import os
import unittest

from zae_limiter import Limit, RateLimitExceeded, SyncRateLimiter

from served_directory import ServedDirectory



class PythonLimiter(ServedDirectory):
    with_keys = True

    def python(self):
        """A limiter of the Python library on the table ZAEL-demo; its caches are off, so that it sees our changes."""
        os.environ.update({name: self.environment[name] for name in
                           ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION")})
        limiter = SyncRateLimiter(name="demo", region="eu-west-1", endpoint_url=self.url, config_cache_ttl=0)
        self.addCleanup(limiter.close)
        return limiter

    def python_makes_the_table(self, limiter):
        limiter._run(limiter._limiter._repository.create_table())

    def ours(self, *words, code=0):
        """Our program on the directory itself, while nobody serves it."""
        self.run_program("local", "down")
        try:
            return self.document(*words, code=code)
        finally:
            self.up()

    def balance(self, limiter, entity="key-1", resource="gpt-4"):
        return limiter.available(entity, resource, limits=None)

    def acquire(self, limiter, amount, entity="key-1", resource="gpt-4"):
        with limiter.acquire(entity, resource, limits=None, consume={"tokens": amount}):
            pass

    def test_a_table_made_by_python_is_shown_changed_and_used_by_us(self):
        limiter = self.python()
        self.python_makes_the_table(limiter)
        limiter.create_entity("project-1", name="Search team")
        limiter.create_entity("key-1", parent_id="project-1", metadata={"owner": "ann"})
        limiter.set_system_defaults([Limit.per_hour("tokens", 100)])
        limiter.set_resource_defaults("gpt-4", [Limit.per_hour("tokens", 200)])
        limiter.set_limits("key-1", [Limit.per_hour("tokens", 50, burst=60)], resource="gpt-4")
        self.acquire(limiter, 10)
        limiter.close()

        self.run_program("local", "down")
        status = self.document("status", code=1)  # not healthy: the table Python makes by itself has no ttl
        self.assertEqual((status["schema_version"], status["client_min_version"]), ("1.0.0", "0.0.0"))
        entity = self.document("entity", "show", "key-1")
        self.assertEqual((entity["parent"], entity["metadata"]), ("project-1", {"owner": "ann"}))
        self.assertEqual(self.document("system", "get-defaults")["limits"][0]["capacity"], 100)
        self.assertEqual(self.document("resource", "get-defaults", "gpt-4")["limits"][0]["capacity"], 200)
        self.assertEqual(self.document("available", "key-1", "gpt-4")["available"][0]["available"], 50)
        actions = {event["action"] for event in self.document("audit", "list", "key-1")["events"]}
        self.assertLessEqual({"entity_created", "limits_set"}, actions)
        self.run_program("entity", "set-limits", "key-1", "--resource", "gpt-4", "-l", "tokens:70/hour:80")
        self.run_program("entity", "create", "key-2", "--parent", "project-1")
        self.run_program("acquire", "key-1", "gpt-4", "-c", "tokens=5")
        self.up()

        limiter = self.python()
        self.assertEqual([(limit.capacity, limit.burst) for limit in limiter.get_limits("key-1", resource="gpt-4")],
                         [(70, 80)])
        self.assertEqual({child.id for child in limiter.get_children("project-1")}, {"key-1", "key-2"})
        self.assertLessEqual({"limits_set"}, {event.action for event in limiter.get_audit_events("key-1")})

    def test_a_table_made_by_us_is_used_by_python(self):
        self.run_program("local", "down")
        self.run_program("deploy")
        self.run_program("system", "set-defaults", "-l", "tokens:1000/hour")
        self.run_program("entity", "create", "key-1", "--label", "A key")
        self.run_program("entity", "set-limits", "key-1", "--resource", "gpt-4", "-l", "tokens:100/hour")
        self.up()
        limiter = self.python()
        self.assertEqual(limiter.get_entity("key-1").name, "A key")
        self.assertEqual([limit.capacity for limit in limiter.get_limits("key-1", resource="gpt-4")], [100])
        self.assertEqual([limit.capacity for limit in limiter.get_system_defaults()[0]], [1000])
        limiter.set_limits("key-1", [Limit.per_hour("tokens", 30)], resource="gpt-3")
        shown = self.ours("explain", "key-1", "gpt-3")
        self.assertIn("tokens:30/hour", shown["levels"][0]["limits"])

    def test_both_take_from_one_bucket_in_turn_and_see_each_others_balance(self):
        self.run_program("local", "down")
        self.run_program("deploy")
        self.run_program("entity", "create", "key-1")
        self.run_program("entity", "set-limits", "key-1", "--resource", "gpt-4", "-l", "tokens:100/24h")
        self.up()
        left = 100
        for round_number in range(3):
            limiter = self.python()  # our program takes the directory in between, so the address changes
            self.acquire(limiter, 7)
            left -= 7
            self.assertEqual(self.balance(limiter), {"tokens": left}, round_number)
            limiter.close()
            answer = self.ours("acquire", "key-1", "gpt-4", "-c", "tokens=11")
            self.assertTrue(answer["granted"], answer)
            left -= 11
            self.assertEqual(self.balance(self.python()), {"tokens": left}, round_number)
        self.assertEqual(left, 46)
        with self.assertRaises(RateLimitExceeded):
            self.acquire(self.python(), 47)
        self.ours("acquire", "key-1", "gpt-4", "-c", "tokens=47", code=1)
        self.acquire(self.python(), 46)
        self.ours("acquire", "key-1", "gpt-4", "-c", "tokens=1", code=1)


if __name__ == "__main__":
    unittest.main(argv=["python_limiter_test"], verbosity=2, warnings="ignore")  # those of the library
