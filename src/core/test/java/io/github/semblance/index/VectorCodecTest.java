package io.github.semblance.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.BagOfWordsEmbedder;
import java.io.IOException;
import java.util.Map;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.SegmentReader;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorCodecTest {
  private static final int DIMENSION = 128;
  private static final int DOCUMENTS = 50;

  /** What a search compares takes as many bits as the name says, and a few bytes per vector. */
  @ParameterizedTest
  @CsvSource({"NONE, 32", "INT8, 8", "INT4, 4", "BINARY, 1"})
  void vectorsAreKeptAsChosen(Quantization quantization, int bits) throws IOException {
    SemanticIndexWriterConfig settings =
        new SemanticIndexWriterConfig().setQuantization(quantization);
    try (BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(DIMENSION, 16);
        Directory directory = new ByteBuffersDirectory()) {
      try (IndexWriter writer = new IndexWriter(directory, settings.indexWriterConfig(embedder));
          SemanticIndexWriter semantic = new SemanticIndexWriter(writer, embedder, settings)) {
        for (int i = 0; i < DOCUMENTS; i++) {
          semantic.updateDocument(new SourceDocument("d" + i, "", "word" + i, Map.of()));
        }
        semantic.commit();
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        SegmentReader segment = (SegmentReader) reader.leaves().get(0).reader();
        FieldInfo field = segment.getFieldInfos().fieldInfo(IndexSchema.VECTOR);
        Map<String, Long> bytes = segment.getVectorReader().getOffHeapByteSize(field);
        assertEquals(DOCUMENTS * DIMENSION * 4L, bytes.get("vec"), "full precision stays");
        long compared =
            bytes.entrySet().stream()
                .filter(file -> (quantization == Quantization.NONE) == file.getKey().equals("vec"))
                .filter(file -> !file.getKey().equals("vex"))
                .mapToLong(Map.Entry::getValue)
                .sum();
        long least = (long) DOCUMENTS * DIMENSION * bits / 8;
        assertTrue(compared >= least && compared <= least + 24L * DOCUMENTS, bytes.toString());
        assertEquals(
            Codec.getDefault().getName(), segment.getSegmentInfo().info.getCodec().getName());
      }
    }
  }
}
