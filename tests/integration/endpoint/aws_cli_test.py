"""The AWS command line against `zae-limiter local up`: the words operators type. usage: aws_cli_test.py PROGRAM"""
import json
import pathlib
import subprocess
import sys
import unittest

from served_directory import ServedDirectory

AWS = str(pathlib.Path(sys.executable).parent / "aws")
SCHEMA = ["--attribute-definitions", "AttributeName=pk,AttributeType=S", "AttributeName=sk,AttributeType=N",
          "--key-schema", "AttributeName=pk,KeyType=HASH", "AttributeName=sk,KeyType=RANGE",
          "--billing-mode", "PAY_PER_REQUEST"]
KEY = ["--table-name", "demo", "--key", '{"pk":{"S":"a"},"sk":{"N":"1"}}']


class AwsCli(ServedDirectory):
    with_keys = True  # so that every call's signature is checked

    def run_aws(self, *words, service="dynamodb"):
        return subprocess.run([sys.executable, AWS, "--endpoint-url", self.url, "--output", "json", service, *words],
                              env=self.environment, capture_output=True, text=True, timeout=120)

    def aws(self, *words, service="dynamodb"):
        process = self.run_aws(*words, service=service)
        self.assertEqual(process.returncode, 0, process.stderr)
        return json.loads(process.stdout) if process.stdout.strip() else None

    def refused(self, error, *words):
        process = self.run_aws(*words)
        self.assertNotEqual(process.returncode, 0)
        self.assertIn(f"({error})", process.stderr)
        return process.stderr

    def make_table(self, *more):
        table = self.aws("create-table", "--table-name", "demo", *SCHEMA, *more)["TableDescription"]
        self.aws("wait", "table-exists", "--table-name", "demo")
        return table

    def test_a_table_from_its_making_to_its_end(self):
        table = self.make_table("--tags", "Key=team,Value=search")
        described = self.aws("describe-table", "--table-name", "demo")["Table"]
        self.assertEqual(described["TableStatus"], "ACTIVE")
        self.assertEqual(described["TableArn"], "arn:aws:dynamodb:eu-west-1:000000000000:table/demo")
        self.assertEqual(described["TableId"], table["TableId"])
        self.assertEqual(self.aws("list-tables")["TableNames"], ["demo"])
        self.refused("ResourceInUseException", "create-table", "--table-name", "demo", *SCHEMA)
        arn = ["--resource-arn", table["TableArn"]]
        self.aws("tag-resource", *arn, "--tags", "Key=cost,Value=none")
        self.aws("untag-resource", *arn, "--tag-keys", "team")
        self.assertEqual(self.aws("list-tags-of-resource", *arn)["Tags"], [{"Key": "cost", "Value": "none"}])
        self.aws("update-time-to-live", "--table-name", "demo", "--time-to-live-specification",
                 "Enabled=true,AttributeName=ttl")
        self.assertEqual(self.aws("describe-time-to-live", "--table-name", "demo")["TimeToLiveDescription"],
                         {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"})
        self.aws("update-table", "--table-name", "demo", "--deletion-protection-enabled")
        self.assertIn("protected against deletion",
                      self.refused("ValidationException", "delete-table", "--table-name", "demo"))
        self.aws("update-table", "--table-name", "demo", "--no-deletion-protection-enabled")
        self.aws("update-table", "--table-name", "demo", "--billing-mode", "PROVISIONED", "--provisioned-throughput",
                 "ReadCapacityUnits=5,WriteCapacityUnits=6")
        throughput = self.aws("describe-table", "--table-name", "demo")["Table"]["ProvisionedThroughput"]
        self.assertEqual((throughput["ReadCapacityUnits"], throughput["WriteCapacityUnits"]), (5, 6))
        self.assertEqual(self.aws("delete-table", "--table-name", "demo")["TableDescription"]["TableStatus"],
                         "DELETING")
        self.aws("wait", "table-not-exists", "--table-name", "demo")
        self.refused("ResourceNotFoundException", "describe-table", "--table-name", "demo")
        self.assertIn("TableMaxReadCapacityUnits", self.aws("describe-limits"))
        self.assertEqual(self.aws("describe-endpoints")["Endpoints"][0]["Address"], self.url.removeprefix("http://"))

    def test_items_are_put_changed_and_deleted_under_conditions(self):
        self.make_table()
        item = '{"pk":{"S":"a"},"sk":{"N":"1"},"v":{"N":"1"},"list":{"L":[{"S":"x"},{"BOOL":true}]}}'
        new = ["put-item", "--table-name", "demo", "--item", item, "--condition-expression",
               "attribute_not_exists(pk)"]
        self.aws(*new)
        self.assertIn("The conditional request failed", self.refused("ConditionalCheckFailedException", *new))
        self.assertEqual(self.aws("get-item", *KEY)["Item"], json.loads(item))
        updated = self.aws("update-item", *KEY, "--update-expression", "SET v = v + :one REMOVE #l",
                           "--condition-expression", "v = :one", "--expression-attribute-names", '{"#l":"list"}',
                           "--expression-attribute-values", '{":one":{"N":"1"}}', "--return-values", "ALL_NEW")
        self.assertEqual(updated["Attributes"], {"pk": {"S": "a"}, "sk": {"N": "1"}, "v": {"N": "2"}})
        self.refused("ConditionalCheckFailedException", "delete-item", *KEY, "--condition-expression", "v = :v",
                     "--expression-attribute-values", '{":v":{"N":"1"}}')
        gone = self.aws("delete-item", *KEY, "--return-values", "ALL_OLD")
        self.assertEqual(gone["Attributes"]["v"], {"N": "2"})
        self.assertIsNone(self.aws("get-item", *KEY))

    def test_queries_page_and_transactions_are_all_or_nothing(self):
        self.make_table()
        put = [{"Put": {"TableName": "demo", "Item": {"pk": {"S": "a"}, "sk": {"N": str(i)}}}} for i in range(10)]
        self.aws("transact-write-items", "--transact-items", json.dumps(put))
        query = ["query", "--table-name", "demo", "--key-condition-expression", "pk = :a AND sk > :two",
                 "--expression-attribute-values", '{":a":{"S":"a"},":two":{"N":"2"}}']
        self.assertEqual([i["sk"]["N"] for i in self.aws(*query, "--page-size", "2")["Items"]],
                         [str(i) for i in range(3, 10)])
        self.assertEqual(self.aws(*query, "--select", "COUNT")["Count"], 7)
        self.assertEqual(self.aws("scan", "--table-name", "demo")["Count"], 10)
        both = [{"Delete": {"TableName": "demo", "Key": {"pk": {"S": "a"}, "sk": {"N": "0"}}}},
                {"ConditionCheck": {"TableName": "demo", "Key": {"pk": {"S": "a"}, "sk": {"N": "77"}},
                                    "ConditionExpression": "attribute_exists(pk)"}}]
        self.assertIn("[None, ConditionalCheckFailed]",
                      self.refused("TransactionCanceledException", "transact-write-items", "--transact-items",
                                   json.dumps(both)))
        self.assertEqual(self.aws("scan", "--table-name", "demo")["Count"], 10)

    def test_our_own_table_is_seen_by_its_keys(self):
        """What an operator does with the runbook: our program makes the table, theirs reads the records."""
        self.run_program("local", "down")
        self.run_program("deploy")
        self.run_program("entity", "create", "user-1")
        self.up()
        item = self.aws("get-item", "--table-name", "ZAEL-demo", "--key",
                        '{"PK":{"S":"ENTITY#user-1"},"SK":{"S":"#META"}}')["Item"]
        self.assertEqual(item["entity_id"], {"S": "user-1"})
        table = self.aws("describe-table", "--table-name", "ZAEL-demo")["Table"]
        self.assertEqual(table["StreamSpecification"]["StreamViewType"], "NEW_AND_OLD_IMAGES")
        self.assertEqual([index["IndexName"] for index in table["GlobalSecondaryIndexes"]], ["GSI1", "GSI2"])
        self.assertTrue(table["DeletionProtectionEnabled"])
        streams = self.aws("list-streams", service="dynamodbstreams")["Streams"]
        self.assertEqual([stream["TableName"] for stream in streams], ["ZAEL-demo"])


if __name__ == "__main__":
    unittest.main(argv=["aws_cli_test"], verbosity=2)
