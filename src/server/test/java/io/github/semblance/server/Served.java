package io.github.semblance.server;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server over an index of a few documents, and a client. */
final class Served implements AutoCloseable {
  static final String EVIL = "<script>document.title='run'</script>";

  final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder();
  final ServedIndex index;
  final SemblanceServer server;

  /** Characters of a body that the server asks for before it is sent. */
  private static final int MUCH = 1 << 20;

  private final Path folder;
  private final HttpClient client = HttpClient.newHttpClient();

  Served(Path folder) throws IOException {
    this(folder, null, null);
  }

  Served(Path folder, @Nullable String token, @Nullable Path report) throws IOException {
    this.folder = folder;
    write(
        document("join", "Can I still join?", "Yes, the course takes people late.", "search"),
        document("a/b c%d", "Slashes in an id", "An id may be a path of a file.", "search"),
        document("evil" + EVIL, EVIL + " in a title", "And " + EVIL + " in a text.", "ml"),
        new SourceDocument(
            "fees",
            "What does the course cost?",
            "Nothing, it is free for all.",
            Map.of("course", List.of("ml"), "year", List.of("2024"))));
    this.index = ServedIndex.open("docs", folder, embedder);
    this.server =
        SemblanceServer.start(
            List.of(index),
            new ServerSettings(
                InetAddress.getLoopbackAddress(),
                0,
                token,
                List.of(),
                Duration.ofSeconds(10),
                report));
  }

  static SourceDocument document(String id, String title, String text, String course) {
    return new SourceDocument(id, title, text, Map.of("course", List.of(course)));
  }

  /** Adds documents as another process would. */
  void write(SourceDocument... documents) throws IOException {
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(
            folder, new BagOfWordsEmbedder(), new SemanticIndexWriterConfig())) {
      for (SourceDocument document : documents) {
        writer.updateDocument(document);
      }
      writer.commit();
    }
  }

  int port() {
    return server.address().getPort();
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(at(path)).timeout(Duration.ofMinutes(1));
    return client.send(
        headers.length == 0 ? request.build() : request.headers(headers).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String type, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(at(path))
            .timeout(Duration.ofMinutes(1))
            .header("Content-Type", type)
            // Who sends much to a server that refuses it at once may find the connection reset.
            .expectContinue(body.length() > MUCH)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  JsonNode json(String path) throws Exception {
    return JsonMapper.shared().readTree(get(path).body());
  }

  private URI at(String path) {
    return URI.create("http://localhost:" + port() + path);
  }

  @Override
  public void close() throws IOException {
    server.close();
    index.close();
    embedder.close();
  }
}
