package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.Calibration;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opensearch.Version;
import org.opensearch.cluster.node.DiscoveryNode;
import org.opensearch.common.io.stream.BytesStreamOutput;
import org.opensearch.common.xcontent.json.JsonXContent;
import org.opensearch.core.common.bytes.BytesReference;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.common.transport.TransportAddress;
import org.opensearch.core.tasks.TaskCancelledException;
import org.opensearch.core.tasks.TaskId;
import org.opensearch.core.xcontent.DeprecationHandler;
import org.opensearch.core.xcontent.NamedXContentRegistry;
import org.opensearch.tasks.CancellableTask;
import org.opensearch.tasks.Task;

/** What nodes send each other has a version, and other versions are refused. */
final class WireTest {
  static {
    NewerLucene.allow();
  }

  private static final QueryVector VECTOR =
      new QueryVector(
          new float[] {1, 2},
          "m",
          "f00d",
          0.125f,
          new Calibration(0.5f, 20, 0.25f), /* dropped */
          3);

  private static final TransportEmbedAction.Request EMBED =
      new TransportEmbedAction.Request("m", "text");

  static {
    EMBED.setParentTask("node", 7);
  }

  private static byte[] bytes(Writeable what) throws IOException {
    BytesStreamOutput out = new BytesStreamOutput();
    what.writeTo(out);
    return BytesReference.toBytes(out.bytes());
  }

  private static LegsRequest legs() throws IOException {
    return LegsRequest.parse(
        JsonXContent.jsonXContent.createParser(
            NamedXContentRegistry.EMPTY,
            DeprecationHandler.IGNORE_DEPRECATIONS,
            "{\"passages\": 2}"));
  }

  @Test
  void whatIsWrittenIsReadAsItWas() throws IOException {
    QueryVector read = QueryVector.read(StreamInput.wrap(bytes(VECTOR)));
    assertEquals(0.125f, read.cosineFloor());
    assertEquals(new Calibration(0.5f, 20, 0.25f), read.calibration());
    assertEquals(3, read.droppedTokens());
    assertEquals(legs(), new LegsRequest(StreamInput.wrap(bytes(legs()))));
    byte[] asked = bytes(EMBED);
    assertArrayEquals(asked, bytes(new TransportEmbedAction.Request(StreamInput.wrap(asked))));
    byte[] answered = bytes(new TransportEmbedAction.Response(VECTOR));
    assertArrayEquals(bytes(VECTOR), answered);
    assertArrayEquals(
        answered, bytes(new TransportEmbedAction.Response(StreamInput.wrap(answered))));
    assertEquals(new VectorLeg(), new VectorLeg(StreamInput.wrap(bytes(new VectorLeg()))));
  }

  /** Whoever has to change these bytes has to raise the version, which is the first of each. */
  @Test
  void aVersionHasOneForm() throws IOException {
    HexFormat hex = HexFormat.of();
    assertEquals(
        "03023f80000040000000016d04663030643e000000013f00000041a000003e80000003",
        hex.formatHex(bytes(VECTOR)));
    assertEquals("0302", hex.formatHex(bytes(legs())));
    assertEquals("046e6f64650000000000000007" + "03016d0474657874", hex.formatHex(bytes(EMBED)));
    assertEquals(
        "030f70617373616765732e766563746f72006400bf8000000000000000",
        hex.formatHex(bytes(new VectorLeg())));
  }

  @Test
  void anEmbeddingEndsWithItsSearch() {
    Task task = EMBED.createTask(1, "transport", "a", new TaskId("node", 7), Map.of());
    assertEquals("model [m], text [text]", task.getDescription());
    ShardDeadline.requireNotCancelled(task);
    ((CancellableTask) task).cancel("no more");
    assertThrows(TaskCancelledException.class, () -> ShardDeadline.requireNotCancelled(task));
  }

  private interface Reader {
    Object read(StreamInput in) throws IOException;
  }

  @Test
  void anotherVersionIsRefused() throws IOException {
    for (Reader reader :
        List.<Reader>of(
            QueryVector::read,
            LegsRequest::new,
            VectorLeg::new,
            TransportEmbedAction.Response::new)) {
      BytesStreamOutput other = new BytesStreamOutput();
      other.writeVInt(Wire.VERSION + 1);
      assertRefused(reader, other);
    }
    BytesStreamOutput asked = new BytesStreamOutput();
    TaskId.EMPTY_TASK_ID.writeTo(asked);
    asked.writeVInt(Wire.VERSION + 1);
    assertRefused(TransportEmbedAction.Request::new, asked);
    BytesStreamOutput stats = new BytesStreamOutput();
    new DiscoveryNode(
            "n", new TransportAddress(InetAddress.getLoopbackAddress(), 9300), Version.CURRENT)
        .writeTo(stats);
    stats.writeVInt(Wire.VERSION - 1);
    assertRefused(NodeStats::new, stats);
  }

  private static void assertRefused(Reader reader, BytesStreamOutput other) {
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> reader.read(other.bytes().streamInput()));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("must have the form 3 of this node's plugin, got: "), message);
    assertTrue(message.endsWith("install the same version of the plugin on all nodes"), message);
  }
}
