package io.github.semblance.springai.sample;

import java.util.List;
import java.util.Map;
import org.springframework.ai.document.Document;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.VectorStore;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Adds two documents, asks what its first argument asks, and prints the best answer. */
@SpringBootApplication
public class SampleApplication {

  /** For Spring. */
  public SampleApplication() {}

  /** Starts the application, which ends when it has answered. */
  public static void main(String[] args) {
    SpringApplication.run(SampleApplication.class, args).close();
  }

  // tag::example
  @Bean
  ApplicationRunner ask(VectorStore store) {
    return arguments -> {
      store.add(
          List.of(
              new Document("You can join after the start date.", Map.of("course", "ml")),
              new Document("Certificates need three projects.", Map.of("course", "ml"))));
      SearchRequest request =
          SearchRequest.builder()
              .query(arguments.getNonOptionArgs().getFirst())
              .filterExpression("course == 'ml'")
              .build();
      System.out.println("answer: " + store.similaritySearch(request).getFirst().getText());
    };
  }
  // end::example
}
