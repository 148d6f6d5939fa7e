package io.github.semblance.bench;

import io.github.semblance.index.EmbeddedDocument;
import io.github.semblance.index.IndexFolder;
import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.Quantization;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import tools.jackson.databind.json.JsonMapper;

/**
 * An index of passages that are made up, in a folder, and beside it a file that says what it is and
 * what it took to build.
 */
record PassageIndex(Path folder, Building building) {
  private static final int AT_ONCE = 256;
  private static final int TELL = 100_000;

  /**
   * What an index is and what it took to build, merging included.
   *
   * @param texts which collections the words are from
   * @param cpuSeconds of all threads of this process
   * @param otherShare of all cores, what other processes had meanwhile
   * @param memoryMb the most this process held, pages of files included
   * @param heapMb the most of the heap that was in use, garbage included
   * @param mergedDocuments Lucene documents written again, over all merges
   * @param mergeSeconds of all merges, one after the other
   * @param stalledSeconds for which adding documents waited for merges
   */
  record Building(
      int passages,
      Quantization quantization,
      String texts,
      double seconds,
      double cpuSeconds,
      double otherShare,
      double memoryMb,
      double heapMb,
      long merges,
      long mergedDocuments,
      double mergeSeconds,
      double longestMergeSeconds,
      double stalledSeconds) {}

  /**
   * Builds an index, or takes the one that is there.
   *
   * @param parent the folder of the index's folder
   * @throws IOException if what is there was built from something else, as the message says, or
   *     cannot be read
   */
  static PassageIndex in(
      Path parent,
      Quantization quantization,
      int passages,
      ClusteredVectors vectors,
      VariedTexts texts)
      throws IOException {
    String name = passages + "-" + quantization.name().toLowerCase(Locale.ROOT);
    Path folder = parent.resolve(name);
    Path told = parent.resolve(name + ".json"); // written last: without it the index is unfinished
    if (Files.exists(told)) {
      Building building = JsonMapper.shared().readValue(Files.readString(told), Building.class);
      if (building.passages != passages
          || building.quantization != quantization
          || !building.texts.equals(BenchTexts.source())) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s must hold %d passages as %s with words of %s, but %s says %s; move both away",
                folder,
                passages,
                quantization,
                BenchTexts.source(),
                told,
                building));
      }
      return new PassageIndex(folder, building);
    }
    Building building = build(folder, quantization, passages, vectors, texts);
    Files.writeString(told, JsonMapper.shared().writeValueAsString(building));
    return new PassageIndex(folder, building);
  }

  private static Building build(
      Path folder,
      Quantization quantization,
      int passages,
      ClusteredVectors vectors,
      VariedTexts texts)
      throws IOException {
    SemanticIndexWriterConfig settings =
        new SemanticIndexWriterConfig().setQuantization(quantization).setOpenMode(OpenMode.CREATE);
    MergeLog merges = new MergeLog();
    IndexFolder.requireOurs(folder);
    Machine.forgetPeaks();
    Machine.Time start = Machine.Time.now(0);
    try (GivenVectors model = new GivenVectors();
        Directory directory = FSDirectory.open(folder);
        IndexWriter writer =
            new IndexWriter(
                directory, settings.indexWriterConfig(model).setMergeScheduler(merges));
        SemanticIndexWriter semantic = new SemanticIndexWriter(writer, model, settings)) {
      List<EmbeddedDocument> documents = new ArrayList<>();
      for (int number = 0; number < passages; number++) {
        documents.add(
            new EmbeddedDocument(
                Integer.toString(number),
                texts.passage(number),
                Share.metadata(number),
                vectors.passage(number)));
        if (documents.size() == AT_ONCE || number == passages - 1) {
          semantic.updateDocuments(documents);
          documents.clear();
          if (number >= TELL && number % TELL < AT_ONCE) {
            System.err.printf(Locale.ROOT, "%s: %,d of %,d%n", folder, number + 1, passages);
          }
        }
      }
      semantic.commit();
    }
    Machine.Time taken = Machine.Time.now(0).since(start);
    return new Building(
        passages,
        quantization,
        BenchTexts.source(),
        taken.seconds(),
        taken.ownCpu(),
        taken.otherShare(),
        Machine.memoryMb("VmHWM"),
        Machine.peakHeapMb(),
        merges.merges(),
        merges.documents(),
        merges.seconds(),
        merges.longestSeconds(),
        merges.stalledSeconds());
  }

  /** Of all files. */
  long bytes() throws IOException {
    long bytes = 0;
    try (Directory directory = FSDirectory.open(folder)) {
      for (String file : directory.listAll()) {
        bytes += directory.fileLength(file);
      }
    }
    return bytes;
  }

  /** Of the graph and the vectors that it compares; of those of full precision few are read. */
  long searchedBytes(IndexReader reader) {
    long bytes = 0;
    for (LeafReaderContext leaf : reader.leaves()) {
      CodecReader segment = (CodecReader) leaf.reader();
      FieldInfo field = segment.getFieldInfos().fieldInfo(IndexSchema.VECTOR);
      for (Map.Entry<String, Long> file :
          segment.getVectorReader().getOffHeapByteSize(field).entrySet()) {
        if (building.quantization == Quantization.NONE || !file.getKey().equals("vec")) {
          bytes += file.getValue();
        }
      }
    }
    return bytes;
  }
}
