#!/usr/bin/env python3
"""Writes endpoint_vectors.txt: where botocore sends each service's requests, one line per region and switch.

    pip install botocore; ./make_endpoint_vectors.py > endpoint_vectors.txt

Columns: service, region, fips, dual stack, account id or -, URL. What botocore has no answer for is left out.
"""

import itertools

import botocore
import botocore.session
from botocore.config import Config

SERVICES = ("dynamodb", "dynamodbstreams", "sts", "cloudformation", "lambda", "backup", "scheduler")
REGIONS = (
    "us-east-1", "eu-central-1", "ap-southeast-7", "mx-central-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1",
    "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1", "xx-new-9",
)  # fmt: skip
ACCOUNT = "123456789012"


def url_of(session, service, region, fips, dual_stack, account):
    client = session.create_client(
        service, region_name=region, aws_access_key_id="id", aws_secret_access_key="secret",
        config=Config(use_fips_endpoint=fips, use_dualstack_endpoint=dual_stack),
    )  # fmt: skip
    rules = client._ruleset_resolver
    model = client.meta.service_model.operation_model(client.meta.service_model.operation_names[0])
    if account != "-":
        resolve = rules._get_provider_params

        def with_account(*arguments, **named):
            return {**resolve(*arguments, **named), "AccountId": account, "AccountIdEndpointMode": "preferred"}

        rules._get_provider_params = with_account
    return rules.construct_endpoint(model, {}, {}).url


def main():
    print(f"# botocore {botocore.__version__}")
    session = botocore.session.Session()
    cases = itertools.product(SERVICES, REGIONS, (False, True), (False, True), ("-", ACCOUNT))
    for service, region, fips, dual_stack, account in cases:
        if account != "-" and service != "dynamodb":
            continue
        try:
            url = url_of(session, service, region, fips, dual_stack, account)
        except botocore.exceptions.BotoCoreError:
            continue
        print(service, region, int(fips), int(dual_stack), account, url)


main()
