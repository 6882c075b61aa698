"""One round with confluent-kafka: makes a topic, produces a record to it, consumes it. Prints "ok", or what librdkafka said."""

import json
import sys
import time

from confluent_kafka import Consumer, KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic

task = json.loads(sys.argv[1])
said = []
config = dict(task["config"])
config["error_cb"] = lambda error: said.append(f"{error.name()}: {error.str()}")
config["log_level"] = 0
token = task.get("token")
if token is not None:
    config["oauth_cb"] = lambda _: (token, time.time() + 3600)
topic = task["topic"]


def fail(text):
    print(f"failed: {text}; {'; '.join(dict.fromkeys(said))}")
    sys.exit(0)


try:
    admin = AdminClient(config)
    if token is not None:
        admin.poll(0.5)
    for future in admin.create_topics([NewTopic(topic, 1)], request_timeout=4, operation_timeout=4).values():
        future.result(10)
    producer = Producer({**config, "message.timeout.ms": 5000})
    outcome = []
    producer.produce(topic, value=b"from python", on_delivery=lambda error, _: outcome.append(error))
    producer.flush(10)
    if outcome != [None]:
        fail(outcome)
    consumer = Consumer({**config, "group.id": topic, "auto.offset.reset": "earliest"})
    consumer.subscribe([topic])
    deadline = time.time() + 20
    while time.time() < deadline:
        message = consumer.poll(1)
        if message is not None and message.error() is None:
            consumer.close()
            print("ok")
            sys.exit(0)
    fail("nothing consumed")
except KafkaException as error:
    admin.poll(0.1)
    fail(error.args[0].str())
