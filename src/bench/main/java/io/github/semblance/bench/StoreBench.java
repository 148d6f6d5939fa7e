package io.github.semblance.bench;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.Quantization;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.search.SemanticQuery;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.IOUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code bench store}: what each way of keeping vectors costs, and how well it finds. */
@Command(
    name = "store",
    mixinStandardHelpOptions = true,
    description = {
      "Compares the ways of keeping vectors: time to index, disk, memory, recall and latency,",
      "the latter two also under filters. The last line is JSON."
    })
final class StoreBench implements Callable<Integer> {
  private static final int TOP = 10;
  private static final long SEED = 42;

  @Option(
      names = "--vectors",
      defaultValue = "200000",
      paramLabel = "N",
      description = "How many vectors of 384 dimensions (${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--queries",
      defaultValue = "500",
      paramLabel = "N",
      description = "How many queries (${DEFAULT-VALUE}).")
  private int queries;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  StoreBench() {}

  @Override
  public Integer call() throws IOException {
    if (count < 1 || queries < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--vectors and --queries must be at least 1, got: " + count + " and " + queries);
    }
    PrintStream out = System.out;
    ClusteredVectors vectors = new ClusteredVectors(SEED, count);
    ExactNeighbours exact = new ExactNeighbours(vectors, count, queries, TOP);
    ObjectNode json =
        JsonMapper.shared()
            .createObjectNode()
            .put("vectors", count)
            .put("dimension", ClusteredVectors.DIMENSION)
            .put("queries", queries);
    ObjectNode formats = json.putObject("formats");
    out.printf(
        Locale.ROOT,
        "%,d vectors of %d dimensions, %,d queries, one thread; recall@%d against exact search%n",
        count,
        ClusteredVectors.DIMENSION,
        queries,
        TOP);
    out.printf(Locale.ROOT, "%-7s %8s %8s %10s", "format", "index s", "disk MB", "memory MB");
    for (Share share : Share.values()) {
      out.printf(Locale.ROOT, "  %14s", share.percent() + " %");
    }
    out.printf(Locale.ROOT, "  %5s%n", "load");
    for (Quantization quantization : Quantization.values()) {
      Path folder = Files.createTempDirectory("semblance-store");
      try {
        measure(quantization, folder, vectors, exact, formats);
      } finally {
        IOUtils.rm(folder);
      }
    }
    out.println("memory: the graph and the vectors that are compared, outside the heap");
    out.println("%: recall / p50 ms where a filter allows so many of the documents");
    out.println("load: processes that wanted a core in the last minute, this one included");
    out.println(json);
    return 0;
  }

  private void measure(
      Quantization quantization,
      Path folder,
      ClusteredVectors vectors,
      ExactNeighbours exact,
      ObjectNode formats)
      throws IOException {
    String name = quantization.name().toLowerCase(Locale.ROOT);
    double seconds = index(quantization, folder, vectors);
    double disk = megabytes(bytes(folder));
    try (Directory directory = FSDirectory.open(folder);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      double memory = megabytes(searchedBytes(reader, quantization));
      System.out.printf(Locale.ROOT, "%-7s %8.1f %8.1f %10.1f", name, seconds, disk, memory);
      ObjectNode format =
          formats
              .putObject(name)
              .put("index_s", rounded(seconds))
              .put("disk_mb", rounded(disk))
              .put("memory_mb", rounded(memory))
              .put("segments", reader.leaves().size());
      ObjectNode filtered = format.putObject("filtered");
      IndexSearcher searcher = new IndexSearcher(reader);
      ask(searcher, Share.ALL, vectors, exact); // so that what is timed is compiled
      for (Share share : Share.values()) {
        Answers answers = ask(searcher, share, vectors, exact);
        System.out.printf(Locale.ROOT, "  %6.4f /%6.2f", answers.recall, answers.p50);
        ObjectNode node = share == Share.ALL ? format : filtered.putObject(share.percent());
        node.put("recall@10", rounded(answers.recall)).put("p50_ms", rounded(answers.p50));
      }
      double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
      System.out.printf(Locale.ROOT, "  %5.1f%n", load);
      format.put("load", rounded(load));
    }
  }

  /** Seconds until everything is on disk and merged as far as the merge policy wants. */
  private double index(Quantization quantization, Path folder, ClusteredVectors vectors)
      throws IOException {
    SemanticIndexWriterConfig settings =
        new SemanticIndexWriterConfig()
            .setAnalyzer(NamedAnalyzer.KEYWORD)
            .setQuantization(quantization);
    long start = System.nanoTime();
    try (GivenVectors embedder = new GivenVectors(vectors);
        Directory directory = FSDirectory.open(folder);
        IndexWriter writer = new IndexWriter(directory, settings.indexWriterConfig(embedder));
        SemanticIndexWriter semantic = new SemanticIndexWriter(writer, embedder, settings)) {
      for (int number = 0; number < count; number++) {
        semantic.updateDocument(Share.document(number));
      }
      semantic.commit();
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private record Answers(double recall, double p50) {}

  private Answers ask(
      IndexSearcher searcher, Share share, ClusteredVectors vectors, ExactNeighbours exact)
      throws IOException {
    double recall = 0;
    double[] milliseconds = new double[queries];
    for (int query = 0; query < queries; query++) {
      float[] vector = vectors.query(query);
      long start = System.nanoTime();
      ScoreDoc[] hits =
          searcher.search(
                  new SemanticQuery(vector, TOP, share.filter(), SemanticQuery.ANY_SIMILARITY), TOP)
              .scoreDocs;
      milliseconds[query] = (System.nanoTime() - start) / 1e6;
      Set<Integer> found = new HashSet<>();
      for (ScoreDoc hit : hits) {
        found.add(
            Integer.parseInt(
                searcher.storedFields().document(hit.doc, Set.of(IndexSchema.ID)).get("id")));
      }
      recall += exact.recall(query, share, found);
    }
    Arrays.sort(milliseconds);
    return new Answers(recall / queries, milliseconds[queries / 2]);
  }

  /** Without the full-precision vectors of a quantized index: a search reads few of them. */
  private static long searchedBytes(IndexReader reader, Quantization quantization) {
    long bytes = 0;
    for (LeafReaderContext leaf : reader.leaves()) {
      CodecReader segment = (CodecReader) leaf.reader();
      FieldInfo field = segment.getFieldInfos().fieldInfo(IndexSchema.VECTOR);
      for (Map.Entry<String, Long> file :
          segment.getVectorReader().getOffHeapByteSize(field).entrySet()) {
        if (quantization == Quantization.NONE || !file.getKey().equals("vec")) {
          bytes += file.getValue();
        }
      }
    }
    return bytes;
  }

  private static long bytes(Path folder) throws IOException {
    long bytes = 0;
    try (Directory directory = FSDirectory.open(folder)) {
      for (String file : directory.listAll()) {
        bytes += directory.fileLength(file);
      }
    }
    return bytes;
  }

  private static double megabytes(long bytes) {
    return bytes / 1e6;
  }

  private static double rounded(double value) {
    return Math.round(value * 1e4) / 1e4;
  }
}
