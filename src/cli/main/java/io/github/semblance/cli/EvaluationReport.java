package io.github.semblance.cli;

import io.github.semblance.evaluate.HybridSettings;
import io.github.semblance.evaluate.TestCollection;
import io.github.semblance.evaluate.Topic;
import io.github.semblance.search.Hit;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A page for people to look at: the table, how two modes compare on each query, and the queries on
 * which they differ most. One file that loads nothing from elsewhere.
 */
final class EvaluationReport {
  private static final int EXAMPLES = 10;
  private static final int HITS = 5;
  private static final String CHART_JS = "META-INF/resources/webjars/chart.js/";
  private static final String CHART_JS_PROPERTIES =
      "META-INF/maven/org.webjars.npm/chart.js/pom.properties";

  private final SemanticSearcher searcher;
  private final TestCollection collection;
  private final EvaluatedSystem first;
  private final EvaluatedSystem second;
  private final String metric;
  private final HybridSettings settings;

  /**
   * Prepares a page.
   *
   * @param searcher finds again what the examples show
   * @param first the mode to compare with
   * @param second the mode that gains or loses
   */
  EvaluationReport(
      SemanticSearcher searcher,
      TestCollection collection,
      EvaluatedSystem first,
      EvaluatedSystem second,
      String metric,
      HybridSettings settings) {
    this.searcher = searcher;
    this.collection = collection;
    this.first = first;
    this.second = second;
    this.metric = metric;
    this.settings = settings;
  }

  private record Point(Topic topic, double x, double y) {
    double gain() {
      return y - x;
    }

    ObjectNode putInto(ObjectNode node) {
      return node.put("id", topic.id()).put("text", topic.text()).put("x", x).put("y", y);
    }
  }

  /**
   * Writes the page.
   *
   * @param figures as {@link EvaluationPrinter#toJson} gives them
   * @param index what to call the index
   */
  void write(Path file, ObjectNode figures, String index) throws IOException {
    ObjectNode data =
        figures
            .put("index", index)
            .put("model", searcher.manifest().model().name())
            .put("metric", metric);
    data.putArray("compared").add(first.name()).add(second.name());
    Map<String, Double> x = first.scores(metric).byTopic();
    Map<String, Double> y = second.scores(metric).byTopic();
    List<Point> points =
        collection.topics().stream()
            .map(
                topic ->
                    new Point(
                        topic, x.getOrDefault(topic.id(), 0.0), y.getOrDefault(topic.id(), 0.0)))
            .toList();
    ArrayNode all = data.putArray("points");
    points.forEach(point -> point.putInto(all.addObject()));
    Comparator<Point> byGain = Comparator.comparingDouble(Point::gain);
    addExamples(
        data.putArray("gained"),
        points.stream().filter(point -> point.gain() > 0).sorted(byGain.reversed()).toList());
    addExamples(
        data.putArray("lost"),
        points.stream().filter(point -> point.gain() < 0).sorted(byGain).toList());
    // In a script element, HTML reads on until a tag closes it.
    String json = JsonMapper.shared().writeValueAsString(data).replace("<", "\\u003c");
    String page = resource("io/github/semblance/cli/report.html");
    Files.writeString(file, page.replace("{{data}}", json).replace("{{chart}}", chartLibrary()));
  }

  private void addExamples(ArrayNode examples, List<Point> points) throws IOException {
    for (Point point : points.subList(0, Math.min(EXAMPLES, points.size()))) {
      Topic topic = point.topic();
      ObjectNode example = point.putInto(examples.addObject());
      Map<String, Integer> grades = collection.judgements().grades(topic.id());
      ArrayNode relevant = example.putArray("relevant");
      grades.forEach(
          (document, grade) -> {
            if (grade > 0) {
              relevant.add(
                  document
                      + " ("
                      + rank(first, topic, document)
                      + ", "
                      + rank(second, topic, document)
                      + ")");
            }
          });
      ObjectNode hits = example.putObject("hits");
      for (EvaluatedSystem system : List.of(first, second)) {
        ArrayNode list = hits.putArray(system.name());
        for (Hit hit : hits(system, topic)) {
          list.addObject()
              .put("id", hit.id())
              .put("title", shown(hit))
              .put("grade", grades.getOrDefault(hit.id(), 0));
        }
      }
    }
  }

  private List<Hit> hits(EvaluatedSystem system, Topic topic) throws IOException {
    SearchMode mode = SearchMode.valueOf(system.name().toUpperCase(Locale.ROOT));
    return searcher.search(settings.request(topic, mode, HITS)).hits();
  }

  private static String rank(EvaluatedSystem system, Topic topic, String document) {
    int rank = system.run().ranking(topic.id()).indexOf(document) + 1;
    return system.name() + (rank == 0 ? ": not found" : " #" + rank);
  }

  private static String shown(Hit hit) {
    return hit.title().isBlank() ? hit.snippet().text() : hit.title();
  }

  private static String chartLibrary() throws IOException {
    Properties jar = new Properties();
    jar.load(open(CHART_JS_PROPERTIES));
    return resource(CHART_JS + jar.getProperty("version") + "/dist/chart.umd.min.js");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InputStream open(String name) {
    return Objects.requireNonNull(
        EvaluationReport.class.getClassLoader().getResourceAsStream(name),
        () -> name + " is not on the class path");
  }
}
