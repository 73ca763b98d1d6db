"""The runbook's lines about backups and recovery, as the AWS command line speaks them to `zae-limiter local up`.

usage: aws_backup_test.py PROGRAM
"""
import datetime
import json
import pathlib
import subprocess
import sys
import time
import unittest

from served_directory import ServedDirectory

AWS = str(pathlib.Path(sys.executable).parent / "aws")
TABLE = "ZAEL-demo"


class AwsBackups(ServedDirectory):
    with_keys = True

    def run_aws(self, *words):
        return subprocess.run([sys.executable, AWS, "--endpoint-url", self.url, "--output", "json", "dynamodb", *words],
                              env=self.environment, capture_output=True, text=True, timeout=120)

    def aws(self, *words):
        process = self.run_aws(*words)
        self.assertEqual(process.returncode, 0, process.stderr)
        return json.loads(process.stdout) if process.stdout.strip() else None

    def deploy(self):
        self.run_program("local", "down")
        self.run_program("deploy")
        self.run_program("entity", "create", "user-1")
        self.up()

    def entity(self, table):
        return self.aws("get-item", "--table-name", table, "--key",
                        '{"PK":{"S":"ENTITY#user-1"},"SK":{"S":"#META"}}')

    def back_up(self, name):
        arn = self.aws("create-backup", "--table-name", TABLE, "--backup-name", name)["BackupDetails"]["BackupArn"]
        for _ in range(200):
            details = self.aws("describe-backup", "--backup-arn", arn)["BackupDescription"]["BackupDetails"]
            if details["BackupStatus"] == "AVAILABLE":
                return details
        self.fail("the backup is never available")

    def test_a_backup_is_created_listed_and_restored(self):
        self.deploy()
        made = self.back_up("manual-backup-20260131-120000")
        self.assertGreater(made["BackupSizeBytes"], 0)
        since = datetime.datetime.fromtimestamp(time.time() - 3600, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
        listed = self.aws("list-backups", "--table-name", TABLE, "--time-range-lower-bound", since)["BackupSummaries"]
        self.assertEqual([backup["BackupName"] for backup in listed], ["manual-backup-20260131-120000"])
        self.assertEqual(self.aws("list-backups", "--table-name", TABLE)["BackupSummaries"], listed)
        self.aws("restore-table-from-backup", "--target-table-name", TABLE + "-restored",
                 "--backup-arn", made["BackupArn"])
        self.aws("wait", "table-exists", "--table-name", TABLE + "-restored")
        self.assertEqual(self.entity(TABLE + "-restored"), self.entity(TABLE))
        self.assertEqual(self.aws("describe-table", "--table-name", TABLE + "-restored")["Table"]["RestoreSummary"]
                         ["SourceBackupArn"], made["BackupArn"])
        again = self.run_aws("restore-table-from-backup", "--target-table-name", TABLE, "--backup-arn",
                             made["BackupArn"])
        self.assertIn("(TableAlreadyExistsException)", again.stderr)
        self.aws("delete-backup", "--backup-arn", made["BackupArn"])
        self.assertEqual(self.aws("list-backups")["BackupSummaries"], [])

    def test_recovery_is_checked_enabled_and_used(self):
        self.deploy()
        describe = ["describe-continuous-backups", "--table-name", TABLE]
        self.aws("update-continuous-backups", "--table-name", TABLE,
                 "--point-in-time-recovery-specification", "PointInTimeRecoveryEnabled=true")
        recovery = self.aws(*describe)["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        self.assertEqual(recovery["PointInTimeRecoveryStatus"], "ENABLED")
        self.assertEqual(recovery["RecoveryPeriodInDays"], 35)
        # The moment before the entity is deleted; the clock is this machine's.
        before = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
        self.aws("delete-item", "--table-name", TABLE, "--key", '{"PK":{"S":"ENTITY#user-1"},"SK":{"S":"#META"}}')
        self.aws("restore-table-to-point-in-time", "--source-table-name", TABLE, "--target-table-name",
                 TABLE + "-restored", "--restore-date-time", before)
        self.aws("restore-table-to-point-in-time", "--source-table-name", TABLE, "--target-table-name",
                 TABLE + "-latest", "--use-latest-restorable-time")
        for name in ("-restored", "-latest"):
            self.aws("wait", "table-exists", "--table-name", TABLE + name)
        self.assertEqual(self.entity(TABLE + "-restored")["Item"]["entity_id"], {"S": "user-1"})
        self.assertIsNone(self.entity(TABLE + "-latest"))
        restored = self.aws("describe-table", "--table-name", TABLE + "-restored")["Table"]
        self.assertNotIn("StreamSpecification", restored)
        self.assertFalse(restored["DeletionProtectionEnabled"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
