package io.github.semblance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineProvider;
import ai.djl.pytorch.engine.PtEngineProvider;
import com.google.gson.Gson;
import com.sun.jna.Platform;
import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.embed.ServiceFiles;
import io.github.semblance.index.IndexManifest;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.analysis.TokenizerFactory;
import org.apache.lucene.codecs.PostingsFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** A class path like that of jars merged into one, whose service files were lost or overwritten. */
final class MergedJarTest {
  private static final String TOLD = "call mergeServiceFiles()";

  /** One of each jar that the looked-up classes need until they find nothing. */
  private static final List<Class<?>> MERGED =
      List.of(
          BertEmbedder.class,
          IndexManifest.class,
          EngineProvider.class,
          PtEngineProvider.class,
          Gson.class,
          Platform.class,
          LoggerFactory.class,
          PostingsFormat.class,
          JsonMapper.class);

  private URLClassLoader merged;

  @BeforeEach
  void merge() {
    URL[] places =
        MERGED.stream()
            .map(one -> one.getProtectionDomain().getCodeSource().getLocation())
            .toArray(URL[]::new);
    merged =
        new URLClassLoader(places, ClassLoader.getPlatformClassLoader()) {
          @Override
          public Enumeration<URL> getResources(String name) throws IOException {
            return name.startsWith("META-INF/services/")
                ? Collections.emptyEnumeration()
                : super.getResources(name);
          }
        };
  }

  @AfterEach
  void close() throws IOException {
    merged.close();
  }

  private String failure(Class<?> type, String method, Class<?>[] parameters, Object... arguments)
      throws ReflectiveOperationException {
    Method called = merged.loadClass(type.getName()).getMethod(method, parameters);
    Throwable failure =
        assertThrows(InvocationTargetException.class, () -> called.invoke(null, arguments))
            .getCause();
    return String.valueOf(failure.getMessage());
  }

  @Test
  void theEngineThatIsNotFoundIsTold() throws ReflectiveOperationException {
    String message = failure(BertEmbedder.class, "engine", new Class<?>[0]);
    assertTrue(message.contains(PtEngineProvider.class.getName()), message);
    assertTrue(message.contains("META-INF/services/" + EngineProvider.class.getName()), message);
    assertTrue(message.contains("ServicesResourceTransformer"), message);
    assertTrue(message.contains(TOLD), message);
  }

  @Test
  void lucenesFormatsThatAreNotFoundAreTold(@TempDir Path folder)
      throws ReflectiveOperationException {
    String message = failure(IndexManifest.class, "read", new Class<?>[] {Path.class}, folder);
    assertTrue(message.startsWith("Lucene cannot find its own formats: "), message);
    assertTrue(message.contains(TOLD), message);
  }

  @Test
  void anEmbedderThatIsNotFoundIsTold() throws ReflectiveOperationException {
    Class<?> factory = merged.loadClass("io.github.semblance.analysis.WordPieceTokenizerFactory");
    Map<String, String> arguments = new HashMap<>(Map.of("model", "all-MiniLM-L6-v2"));
    Throwable failure =
        assertThrows(
                InvocationTargetException.class,
                () -> factory.getConstructor(Map.class).newInstance(arguments))
            .getCause();
    assertTrue(String.valueOf(failure.getMessage()).contains(TOLD), failure.toString());
  }

  @Test
  void whatIsFoundIsNotComplainedOf() {
    assertEquals(
        Optional.empty(),
        ServiceFiles.advice(EngineProvider.class, PtEngineProvider.class.getName()));
    assertEquals(
        Optional.empty(),
        ServiceFiles.advice(
            PostingsFormat.class, "org.apache.lucene.codecs.lucene104.Lucene104PostingsFormat"));
    assertEquals(
        Optional.empty(), ServiceFiles.advice(TokenizerFactory.class, "org.example.NotThere"));
  }
}
