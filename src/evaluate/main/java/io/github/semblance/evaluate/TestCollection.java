package io.github.semblance.evaluate;

import io.github.semblance.corpus.CorpusException;
import io.github.semblance.corpus.CorpusReader;
import io.github.semblance.corpus.CorpusRecord;
import io.github.semblance.corpus.FieldMapping;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Topics and the judgements of their answers.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * @param topics in the order of their file, all of them judged
 */
public record TestCollection(List<Topic> topics, Judgements judgements) {

  private static final Pattern TREC_TOPIC = Pattern.compile("<top>(.*?)</top>", Pattern.DOTALL);

  /** Closing tags are optional in this format, and so are the words before the values. */
  private static final Pattern TREC_NUMBER = Pattern.compile("<num>\\s*(?:Number:)?\\s*([^<\\s]+)");

  private static final Pattern TREC_TITLE =
      Pattern.compile("<title>\\s*(?:Topic:)?\\s*([^<]*[^<\\s])");

  /** Checks that each judged topic is there once, and leaves out those without judgements. */
  public TestCollection {
    Set<String> ids = new HashSet<>();
    for (Topic topic : topics) {
      if (!ids.add(topic.id())) {
        throw new EvaluationException("two queries have the id \"" + topic.id() + "\"");
      }
    }
    for (String judged : judgements.topics()) {
      if (!ids.contains(judged)) {
        throw new EvaluationException(
            "topic \"" + judged + "\" has judgements, but no query has that id");
      }
    }
    topics = topics.stream().filter(topic -> judgements.topics().contains(topic.id())).toList();
  }

  /**
   * Reads queries and their judgements. Queries that have no judgements are left out: BEIR keeps
   * those of all its splits in one file.
   *
   * @param queries BEIR's {@code queries.jsonl}, or TREC topics, whose titles are the queries
   * @param qrels judgements as {@link Judgements#read} takes them
   * @throws EvaluationException if a file is missing or malformed, or a judged topic has no query
   * @throws CorpusException if the queries are JSON and cannot be read
   */
  public static TestCollection read(Path queries, Path qrels) {
    String head;
    try (var lines = Files.lines(queries)) {
      head = lines.map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
    } catch (IOException e) {
      throw ColumnFile.unreadable(queries, e);
    }
    List<Topic> topics = head.startsWith("<") ? trecTopics(queries) : jsonTopics(queries);
    return new TestCollection(topics, Judgements.read(qrels));
  }

  /**
   * Reads questions that name the document that answers them, one a record. Topics are numbered
   * from 1.
   *
   * @param questions a table or JSON, in any format of the corpus package
   * @param queryField holds the question
   * @param relevantField holds the id, or the ids, of the documents that answer it
   * @param filterFields fields whose value the answer must share
   * @throws EvaluationException if a record lacks one of the fields
   * @throws CorpusException if the file cannot be read, or no record has one of the fields
   */
  public static TestCollection ofQuestions(
      Path questions, String queryField, String relevantField, List<String> filterFields) {
    List<String> keywords = new ArrayList<>(filterFields);
    keywords.add(relevantField);
    List<String> query = List.of(queryField);
    FieldMapping mapping = new FieldMapping(query, query, query, keywords, false);
    List<Topic> topics = new ArrayList<>();
    Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
    // The id is not used; a field that each record must have anyway makes none be missed.
    for (SourceDocument record : records(List.of(questions.toString()), mapping)) {
      String id = Integer.toString(topics.size() + 1);
      for (String field : keywords) {
        if (!record.keywords().containsKey(field)) {
          throw new EvaluationException(
              questions + ": question " + id + " has no value in field \"" + field + "\"");
        }
      }
      Map<String, Integer> relevant = new LinkedHashMap<>();
      values(record, relevantField).forEach(document -> relevant.put(document, 1));
      grades.put(id, relevant);
      Map<String, List<String>> filters = new LinkedHashMap<>();
      filterFields.forEach(field -> filters.put(field, values(record, field)));
      topics.add(new Topic(id, record.text(), filters));
    }
    return new TestCollection(topics, new Judgements(grades));
  }

  /**
   * Makes queries for one rare word each, drawn from documents, each answered by the document that
   * it was drawn from. A word is rare if at most three documents have it in this spelling.
   *
   * @param inputs files and folders of documents, as {@link CorpusReader} takes them
   * @param count how many queries to make at most
   * @param seed equal seeds draw equal words from equal documents
   * @param phrasing what stands around the word
   * @throws EvaluationException if a record cannot be read, or no document has a rare word
   * @throws CorpusException if an input cannot be read
   */
  public static TestCollection ofRareWords(
      List<String> inputs, int count, long seed, Phrasing phrasing) {
    Map<String, SourceDocument> documents = new LinkedHashMap<>();
    for (SourceDocument document : records(inputs, FieldMapping.DEFAULT)) {
      documents.put(document.id(), document); // of equal ids the last one stays, as in an index
    }
    TestCollection collection = RareWords.of(documents.values(), count, seed, phrasing);
    if (collection.topics().isEmpty()) {
      throw new EvaluationException(inputs + ": no document has a rare word");
    }
    return collection;
  }

  private static List<String> values(SourceDocument record, String field) {
    return Objects.requireNonNull(record.keywords().get(field));
  }

  private static List<Topic> jsonTopics(Path queries) {
    return records(List.of(queries.toString()), FieldMapping.DEFAULT.withTextField("text")).stream()
        .map(record -> new Topic(record.id(), record.text(), Map.of()))
        .toList();
  }

  /** A corpus must survive a bad record; figures over part of the queries would mislead. */
  private static List<SourceDocument> records(List<String> inputs, FieldMapping mapping) {
    List<SourceDocument> records = new ArrayList<>();
    try (CorpusReader reader = CorpusReader.open(inputs, mapping)) {
      while (reader.hasNext()) {
        switch (reader.next()) {
          case CorpusRecord.Document document -> {
            if (document.derivedId()) {
              throw new EvaluationException(document.location() + ": the record has no id");
            }
            records.add(document.document());
          }
          case CorpusRecord.Rejected rejected ->
              throw new EvaluationException(rejected.location() + ": " + rejected.reason());
        }
      }
    }
    return records;
  }

  private static List<Topic> trecTopics(Path file) {
    List<Topic> topics = new ArrayList<>();
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw ColumnFile.unreadable(file, e);
    }
    Matcher topic = TREC_TOPIC.matcher(text);
    while (topic.find()) {
      Matcher number = TREC_NUMBER.matcher(topic.group(1));
      Matcher title = TREC_TITLE.matcher(topic.group(1));
      if (!number.find() || !title.find()) {
        long line = text.substring(0, topic.start()).lines().count() + 1;
        throw new EvaluationException(
            file + ":" + line + ": a topic must have a <num> and a <title> that say something");
      }
      topics.add(new Topic(number.group(1), title.group(1).replaceAll("\\s+", " "), Map.of()));
    }
    if (topics.isEmpty()) {
      throw new EvaluationException(file + " holds no <top> elements");
    }
    return topics;
  }
}
