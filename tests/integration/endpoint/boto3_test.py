"""boto3 against `zae-limiter local up`: types, streams, signatures. usage: boto3_test.py PROGRAM"""
import decimal
import threading
import unittest

import boto3
import boto3.dynamodb.types
import botocore.config
import botocore.exceptions

from served_directory import KEY, ServedDirectory


class Boto3(ServedDirectory):
    with_keys = True

    def client(self, service="dynamodb", key=KEY):
        return boto3.client(service, endpoint_url=self.url, region_name="eu-west-1", aws_access_key_id=key[0],
                            aws_secret_access_key=key[1],
                            config=botocore.config.Config(retries={"max_attempts": 0}))

    def make_table(self, **more):
        client = self.client()
        client.create_table(TableName="demo", AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
                            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
                            **more)
        client.get_waiter("table_exists").wait(TableName="demo")
        return client

    def error(self, call, **arguments):
        with self.assertRaises(botocore.exceptions.ClientError) as raised:
            call(**arguments)
        return raised.exception.response["Error"]


class Items(Boto3):
    def test_every_type_comes_back_as_it_went(self):
        self.make_table()
        table = boto3.resource("dynamodb", endpoint_url=self.url, region_name="eu-west-1", aws_access_key_id=KEY[0],
                               aws_secret_access_key=KEY[1]).Table("demo")
        item = {"pk": "a", "n": decimal.Decimal("-12345678901234567890.123456789"), "b": b"\x00\xff", "t": True,
                "none": None, "list": [1, "x", [None]], "map": {"a.b": {"c": "\u00e4\u6f22\U0001f600"}},
                "ss": {"a", "b"}, "ns": {1, 2}, "bs": {b"x"}}
        table.put_item(Item=item)
        self.assertEqual(table.get_item(Key={"pk": "a"})["Item"],
                         item | {"b": boto3.dynamodb.types.Binary(b"\x00\xff"),
                                 "bs": {boto3.dynamodb.types.Binary(b"x")}})

    def test_a_counter_under_eight_threads_loses_nothing(self):
        client = self.make_table()

        def count():
            for _ in range(50):
                client.update_item(TableName="demo", Key={"pk": {"S": "a"}}, UpdateExpression="ADD n :one",
                                   ExpressionAttributeValues={":one": {"N": "1"}})

        threads = [threading.Thread(target=count) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(client.get_item(TableName="demo", Key={"pk": {"S": "a"}})["Item"]["n"], {"N": "400"})

    def test_a_lost_condition_brings_the_item_and_a_transaction_its_reasons(self):
        client = self.make_table()
        client.put_item(TableName="demo", Item={"pk": {"S": "a"}, "v": {"N": "1"}})
        with self.assertRaises(client.exceptions.ConditionalCheckFailedException) as raised:
            client.put_item(TableName="demo", Item={"pk": {"S": "a"}}, ConditionExpression="attribute_not_exists(pk)",
                            ReturnValuesOnConditionCheckFailure="ALL_OLD")
        self.assertEqual(raised.exception.response["Item"], {"pk": {"S": "a"}, "v": {"N": "1"}})
        with self.assertRaises(client.exceptions.TransactionCanceledException) as raised:
            client.transact_write_items(TransactItems=[{"ConditionCheck": {
                "TableName": "demo", "Key": {"pk": {"S": "b"}}, "ConditionExpression": "attribute_exists(pk)"}}])
        self.assertEqual(raised.exception.response["CancellationReasons"][0]["Code"], "ConditionalCheckFailed")


class Signatures(Boto3):
    def test_are_checked(self):
        self.assertEqual(self.client().list_tables()["TableNames"], [])
        self.assertEqual(self.error(self.client(key=(KEY[0], "wrong")).list_tables)["Code"],
                         "InvalidSignatureException")
        self.assertEqual(self.error(self.client(key=("unknown", KEY[1])).list_tables)["Code"],
                         "UnrecognizedClientException")


class Streams(Boto3):
    def read_all(self, streams, iterator):
        records = []
        while iterator:
            page = streams.get_records(ShardIterator=iterator, Limit=3)
            records += page["Records"]
            if not page["Records"]:
                break
            iterator = page.get("NextShardIterator")
        return records

    def test_show_what_happened_in_order(self):
        client = self.make_table(StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
        streams = self.client("dynamodbstreams")
        for i in range(7):
            client.put_item(TableName="demo", Item={"pk": {"S": str(i)}, "v": {"N": "1"}})
        client.update_item(TableName="demo", Key={"pk": {"S": "3"}}, UpdateExpression="SET v = :two",
                           ExpressionAttributeValues={":two": {"N": "2"}})
        client.transact_write_items(TransactItems=[
            {"Delete": {"TableName": "demo", "Key": {"pk": {"S": str(i)}}}} for i in range(5)])
        arn = client.describe_table(TableName="demo")["Table"]["LatestStreamArn"]
        description = streams.describe_stream(StreamArn=arn)["StreamDescription"]
        self.assertEqual((description["StreamStatus"], description["TableName"]), ("ENABLED", "demo"))
        shard = description["Shards"][0]["ShardId"]
        iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        records = self.read_all(streams, iterator["ShardIterator"])
        self.assertEqual([record["eventName"] for record in records],
                         ["INSERT"] * 7 + ["MODIFY"] + ["REMOVE"] * 5)
        self.assertEqual(records[7]["dynamodb"]["OldImage"]["v"], {"N": "1"})
        self.assertEqual(records[7]["dynamodb"]["NewImage"]["v"], {"N": "2"})
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        self.assertEqual(numbers, sorted(set(numbers), key=int))
        after = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="AFTER_SEQUENCE_NUMBER",
                                           SequenceNumber=numbers[9])
        self.assertEqual([record["dynamodb"]["SequenceNumber"]
                          for record in self.read_all(streams, after["ShardIterator"])], numbers[10:])
        latest = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="LATEST")
        client.put_item(TableName="demo", Item={"pk": {"S": "new"}})
        self.assertEqual([record["dynamodb"]["Keys"] for record in self.read_all(streams, latest["ShardIterator"])],
                         [{"pk": {"S": "new"}}])

    def test_outlive_the_process(self):
        client = self.make_table(StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
        client.put_item(TableName="demo", Item={"pk": {"S": "before"}})
        arn = client.describe_table(TableName="demo")["Table"]["LatestStreamArn"]
        self.run_program("local", "down")
        self.up()
        self.client().put_item(TableName="demo", Item={"pk": {"S": "after"}})
        streams = self.client("dynamodbstreams")
        shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
        iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        records = self.read_all(streams, iterator["ShardIterator"])
        self.assertEqual([record["dynamodb"]["Keys"]["pk"]["S"] for record in records], ["before", "after"])


if __name__ == "__main__":
    unittest.main(argv=["boto3_test"], verbosity=2)
