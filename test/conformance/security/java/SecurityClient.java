import java.io.FileInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Rounds with Kafka's own client: makes a topic, produces a record to it, consumes it. Arguments: pairs of a properties file and a topic. */
public class SecurityClient {
  public static void main(String[] args) throws Exception {
    for (int at = 0; at < args.length; at += 2) System.out.println(round(args[at], args[at + 1]));
    System.exit(0);
  }

  static String round(String file, String topic) throws Exception {
    Properties properties = new Properties();
    properties.load(new FileInputStream(file));
    properties.put("default.api.timeout.ms", "10000");
    properties.put("request.timeout.ms", "5000");
    try (Admin admin = Admin.create(properties)) {
      admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty()))).all().get(15, TimeUnit.SECONDS);
    } catch (Exception error) {
      Throwable cause = error.getCause() == null ? error : error.getCause();
      return "failed: " + cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
    try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, "key", "from java")).get(15, TimeUnit.SECONDS);
    }
    properties.putAll(Map.of("group.id", topic, "auto.offset.reset", "earliest"));
    try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      long deadline = System.currentTimeMillis() + 20_000;
      while (System.currentTimeMillis() < deadline) if (!consumer.poll(Duration.ofSeconds(1)).isEmpty()) return "ok";
    }
    return "failed: nothing consumed";
  }
}
