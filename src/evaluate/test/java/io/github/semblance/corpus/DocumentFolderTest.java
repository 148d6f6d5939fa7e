package io.github.semblance.corpus;

import static io.github.semblance.corpus.FieldMapping.DEFAULT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Folders as they are found: links, files that cannot be read, files of other kinds. */
class DocumentFolderTest extends CorpusFixture {

  private void link(String name, Path target) throws IOException {
    try {
      Files.createSymbolicLink(folder.resolve(name), target);
    } catch (UnsupportedOperationException | IOException e) {
      assumeTrue(false, "this file system makes no links: " + e);
    }
  }

  @Test
  void extensionsAreKnownInAnyCaseAndOthersAreCounted() throws IOException {
    file("docs/WIFI.TXT", "wifi");
    file("docs/sub/NOTES.MD", "# Notes\nof today");
    file("docs/a.docx", "x");
    file("docs/sub/b.DOCX", "x");
    file("docs/sub/page.rst", "x");
    file("docs/Makefile", "x");
    file("docs/.hidden.html", "x");
    String docs = folder.resolve("docs").toString();
    List<SourceDocument> documents = documents(DEFAULT, docs);
    assertEquals(
        List.of("WIFI.TXT", "sub/NOTES.MD"), documents.stream().map(SourceDocument::id).toList());
    assertEquals(List.of("WIFI", "Notes"), documents.stream().map(SourceDocument::title).toList());
    try (CorpusReader reader = CorpusReader.open(List.of(docs), DEFAULT)) {
      assertEquals(new UnreadFiles(Map.of(".docx", 2L, ".rst", 1L, "", 1L)), reader.unreadFiles());
      assertEquals("2 .docx, 1 without extension, 1 .rst", reader.unreadFiles().toString());
    }
    assertEquals(List.of("NOTES.MD"), outcomes(DEFAULT, docs + "/sub/NOTES.MD"));
  }

  @Test
  void filesOfAnIndexAreNotCountedAndDocumentsBesideThemAreRead() throws IOException {
    file("docs/index/segments_2", "x");
    file("docs/index/_0.cfs", "x");
    file("docs/index/write.lock", "x");
    file("docs/index/_index.md", "# Read");
    file("docs/index/a.docx", "x");
    file("docs/_0.cfs", "x");
    String docs = folder.resolve("docs").toString();
    assertEquals(
        List.of("index/_index.md"),
        documents(DEFAULT, docs).stream().map(SourceDocument::id).toList());
    try (CorpusReader reader = CorpusReader.open(List.of(docs), DEFAULT)) {
      assertEquals(new UnreadFiles(Map.of(".docx", 1L, ".cfs", 1L)), reader.unreadFiles());
    }
  }

  @Test
  void whatABeirFolderHoldsBesidesIsCounted() throws IOException {
    file("beir/corpus.jsonl", "{\"_id\":\"1\",\"text\":\"t\"}");
    file("beir/queries.jsonl", "{}");
    file("beir/qrels/test.tsv", "x");
    file("beir/README.md", "x");
    String beir = folder.resolve("beir").toString();
    try (CorpusReader reader = CorpusReader.open(List.of(beir), DEFAULT)) {
      assertEquals(1, reader.unreadFiles().total());
      assertEquals("1 .md", reader.unreadFiles().toString());
      assertEquals("1", outcome(reader.next()));
    }
  }

  @Test
  void aFolderMayBeALink() throws IOException {
    file("real/a.txt", "t");
    link("link", Path.of("real"));
    assertEquals(List.of("a.txt"), outcomes(DEFAULT, folder.resolve("link").toString()));
    file("collection/corpus.jsonl", "{\"_id\":\"1\",\"text\":\"t\"}");
    link("beir", folder.resolve("collection"));
    assertEquals(List.of("1"), outcomes(DEFAULT, folder.resolve("beir").toString()));
  }

  @Test
  void linksInAFolderAreFollowedOnce() throws IOException {
    file("elsewhere/e.txt", "t");
    file("elsewhere/deep/d.md", "t");
    file("docs/a.txt", "t");
    file("docs/sub/b.txt", "t");
    link("docs/again", Path.of("sub"));
    link("docs/up", Path.of(".."));
    link("docs/sub/loop", Path.of("."));
    link("docs/other", folder.resolve("elsewhere"));
    link("elsewhere/back", folder.resolve("docs"));
    link("docs/one.txt", Path.of("a.txt"));
    List<String> ids = outcomes(DEFAULT, folder.resolve("docs").toString());
    assertEquals(List.of("a.txt", "one.txt", "other/deep/d.md", "other/e.txt", "sub/b.txt"), ids);
  }

  @Test
  void whatCannotBeReadIsToldAndTheRestGoesOn() throws IOException {
    file("docs/a.txt", "t");
    file("docs/b.txt", "");
    link("docs/gone.txt", Path.of("nowhere.txt"));
    link("docs/nowhere", Path.of("missing-folder"));
    link("docs/self.md", Path.of("self.md"));
    String docs = folder.resolve("docs").toString();
    List<String> outcomes =
        records(DEFAULT, docs).stream()
            .map(record -> record.location() + " " + outcome(record))
            .toList();
    assertEquals(5, outcomes.size(), outcomes.toString());
    assertEquals(docs + "/gone.txt !0: the link leads nowhere: no such file", outcomes.get(0));
    assertEquals(docs + "/nowhere !0: the link leads nowhere: no such file", outcomes.get(1));
    assertTrue(outcomes.get(2).startsWith(docs + "/self.md !0: the link leads nowhere: "));
    assertEquals(docs + "/a.txt a.txt", outcomes.get(3));
    assertEquals(docs + "/b.txt !0: the file has no text", outcomes.get(4));
  }

  @Test
  void anUnreadableFileInAFolderIsLeftOut() throws IOException {
    file("docs/a.txt", "t");
    Path secret = Path.of(file("docs/b.txt", "t"));
    assumeTrue(
        secret.toFile().setReadable(false) && !Files.isReadable(secret),
        "this user may read every file");
    assertEquals(
        List.of("a.txt", "!0: it cannot be read: this user may not read it"),
        outcomes(DEFAULT, folder.resolve("docs").toString()));
  }

  @Test
  void aFileThatGoesWhileOthersAreReadIsLeftOut() throws IOException {
    file("docs/a.txt", "t");
    Path gone = Path.of(file("docs/b.txt", "t"));
    file("docs/c.txt", "t");
    try (CorpusReader reader =
        CorpusReader.open(List.of(folder.resolve("docs").toString()), DEFAULT)) {
      assertEquals("a.txt", outcome(reader.next()));
      Files.delete(gone);
      assertEquals("!0: it cannot be read: no such file", outcome(reader.next()));
      assertEquals("c.txt", outcome(reader.next()));
    }
  }

  @Test
  void idsTellFoldersApart() throws IOException {
    String one = file("one/README.md", "one");
    String two = file("two/README.md", "two");
    file("two/deep/README.md", "deep");
    String a = folder.resolve("one").toString();
    String b = folder.resolve("two").toString();
    List<String> ids = List.of("one/README.md", "two/README.md", "two/deep/README.md");
    assertEquals(ids, outcomes(DEFAULT, a, b));
    assertEquals(ids, outcomes(DEFAULT, a, two, b + "/../two", one));
    assertEquals(ids, outcomes(DEFAULT, folder.toString()));
    assertEquals(ids.subList(0, 2), outcomes(DEFAULT, one, two));
    assertEquals(List.of("README.md", "deep/README.md"), outcomes(DEFAULT, b));
    // Records have ids of their own, wherever their file lies.
    String records = file("../a.jsonl", "{\"id\":1,\"text\":\"t\"}");
    assertEquals(List.of("1", "README.md"), outcomes(DEFAULT, records, a));
  }

  @Test
  void idsMayBeginElsewhere() throws IOException {
    file("two/README.md", "two");
    String two = folder.resolve("two").toString();
    try (CorpusReader reader = CorpusReader.open(List.of(two), DEFAULT, folder)) {
      assertEquals("two/README.md", outcome(reader.next()));
    }
    Path elsewhere = folder.resolve("one");
    String message = failure(() -> CorpusReader.open(List.of(two), DEFAULT, elsewhere).close());
    assertEquals(
        two + "/README.md does not lie below " + elsewhere + ", where the paths that are ids begin",
        message);
  }

  @Test
  void aFolderOfNothingReadableEndsAtOnce() throws IOException {
    file("docs/a.docx", "x");
    String docs = folder.resolve("docs").toString();
    String message = failure(() -> CorpusReader.open(List.of(docs), DEFAULT).close());
    assertTrue(message.contains("but 1 .docx"), message);
    link("docs/gone.txt", Path.of("nowhere"));
    message = failure(() -> CorpusReader.open(List.of(docs), DEFAULT).close());
    assertEquals(docs + "/gone.txt: the link leads nowhere: no such file", message);
  }

  @Test
  void hugeHeadingsAreReadInTheirOwnTime() throws IOException {
    String spaces = " ".repeat(500_000);
    file("docs/a.md", "# a" + spaces + "b" + spaces + "##\n");
    assertEquals("a b", documents(DEFAULT, folder.resolve("docs").toString()).get(0).title());
  }
}
