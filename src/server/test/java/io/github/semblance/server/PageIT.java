package io.github.semblance.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.index.SourceDocument;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page in a real browser, Debian's Chromium with its driver. */
@SuppressWarnings("NullAway.Init") // set before all tests
final class PageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static Served served;
  private static ChromeDriver browser;

  @BeforeAll
  static void open(@TempDir Path folder) throws Exception {
    Path report =
        Files.writeString(
            folder.resolve("report.html"),
            "<!DOCTYPE html><html lang=\"en\"><title>r</title><h1>Figures</h1>"
                + "<script>document.querySelector('h1').textContent += ' drawn'</script></html>");
    served = new Served(folder.resolve("index"), null, report);
    List<SourceDocument> many = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      many.add(
          Served.document("n" + i, "Lesson " + i, "The lesson has number " + i + ".", "lessons"));
    }
    served.write(many.toArray(SourceDocument[]::new));
    served.index.refresh();
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + folder.resolve("browser"));
    options.setCapability("goog:loggingPrefs", java.util.Map.of("browser", "ALL"));
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(new java.io.File("/usr/bin/chromedriver"))
                .usingAnyFreePort()
                .build(),
            options);
  }

  @AfterAll
  static void close() throws Exception {
    browser.quit();
    served.close();
  }

  @BeforeEach
  void begin() {
    browser.manage().window().setSize(new Dimension(1280, 900));
    browser.get(served.server.address().toString());
    eventually(() -> !all("#index option").isEmpty());
  }

  @Test
  void whileTypingAndOnEnter() {
    type("can I join the course");
    eventually(() -> first(".hit .title").equals("Can I still join?"));
    assertTrue(one("#status").getText().contains("candidates in"), one("#status").getText());
    assertTrue(
        String.valueOf(one(".shares .track").getDomAttribute("aria-label")).contains("meaning"));
    eventually(() -> !all(".hit .closest").isEmpty());
    assertFalse(all(".hit .closest mark").isEmpty());

    one("#typing").click();
    one("#q").clear();
    type("slashes");
    type(Keys.ENTER.toString());
    eventually(() -> first(".hit .title").equals("Slashes in an id"));
    assertTrue(browser.getCurrentUrl().contains("q=slashes"), browser.getCurrentUrl());
    browser.get(browser.getCurrentUrl());
    eventually(() -> first(".hit .title").equals("Slashes in an id"));
  }

  @Test
  void eachWayToSearch() {
    ask("course");
    choose("bm25");
    eventually(() -> one("#status").getText().contains("hits in") && !all(".hit mark").isEmpty());
    assertTrue(first(".hit .score").startsWith("BM25 "), first(".hit .score"));
    choose("semantic");
    eventually(() -> first(".hit .score").startsWith("cosine "));
    choose("side");
    eventually(() -> all(".columns.two .column").size() == 2);
    assertEquals(List.of("Words", "Meaning"), headings());
    choose("compare");
    eventually(() -> all("#settings fieldset").size() == 2 && !all(".moved").isEmpty());
    assertTrue(headings().get(1).contains("0.80"), headings().toString());
  }

  @Test
  void aFilterThatNoDocumentPassesIsSaidAndCanBeTakenBack() {
    browser.get(served.server.address() + "?q=course&filter=course%3Anosuch");
    eventually(() -> first(".column .quiet").equals("No document passes the filter."));
    all("#facets input:checked").getFirst().click();
    eventually(() -> !all(".hit").isEmpty());
  }

  @Test
  void facetsNarrowDown() {
    ask("course");
    eventually(() -> !all("#facets input").isEmpty());
    WebElement ml =
        all("#facets label").stream()
            .filter(label -> label.getText().startsWith("ml"))
            .findFirst()
            .orElseThrow();
    ml.click();
    eventually(() -> browser.getCurrentUrl().contains("filter=course%3Aml"));
    eventually(
        () ->
            all(".hit").stream()
                .allMatch(
                    hit ->
                        hit.findElements(By.cssSelector(".chip")).stream()
                            .anyMatch(chip -> chip.getText().equals("ml"))));
  }

  @Test
  void whyAndMoreLikeThisAndTheDocument() {
    ask("can I join");
    eventually(() -> first(".hit .title").equals("Can I still join?"));
    one(".hit .why").click();
    assertTrue(one(".explanation pre").getText().contains("lexical and semantic, sum of"));
    one(".hit .title").click();
    eventually(() -> one("#document-text").getText().contains("takes people late"));
    one("#document .close").click();
    one(".hit .more").click();
    eventually(() -> one("#like").getText().contains("Can I still join?"));
    one("#unlike").click();
    eventually(() -> !one("#like").isDisplayed());
  }

  @Test
  void withTheKeyboardAlone() {
    one("body").sendKeys("/");
    type("lesson");
    // The sentences come later, and then each hit is a new element.
    eventually(() -> all(".hit").size() == 10 && !all(".hit .closest").isEmpty());
    type(Keys.ARROW_DOWN.toString());
    focused().sendKeys("j");
    assertEquals(all(".hit").get(1), focused());
    focused().sendKeys("w");
    assertEquals("true", all(".why").get(1).getDomAttribute("aria-expanded"));
    focused().sendKeys(Keys.ENTER);
    eventually(() -> one("#document").isDisplayed());
    focused().sendKeys(Keys.ESCAPE);
    eventually(() -> !one("#document").isDisplayed());
    String before = first(".hit .title");
    one("body").sendKeys("n");
    eventually(() -> first(".hit .rank").equals("11") && !first(".hit .title").equals(before));
    one("body").sendKeys("p");
    eventually(() -> first(".hit .rank").equals("1"));
    all(".hit").get(0).sendKeys("2");
    eventually(() -> first(".hit .score").startsWith("BM25"));
    one("body").sendKeys(Keys.ESCAPE);
    assertEquals("q", focused().getDomAttribute("id"));
  }

  @Test
  void whatADocumentSaysIsNeverMarkup() {
    ask("script title");
    eventually(() -> first(".hit .title").equals(Served.EVIL + " in a title"));
    one(".hit .title").click();
    eventually(() -> one("#document-title").getText().contains(Served.EVIL));
    assertTrue(one("#document-text").getText().contains(Served.EVIL));
    one("#document .close").click();
    assertEquals("script title · Semblance", browser.getTitle());
    assertEquals(1, all("script").size());
  }

  @Test
  void theReport() {
    one("#show-report").click();
    eventually(() -> !all("#report-frame iframe").isEmpty());
    browser.switchTo().frame(one("#report-frame iframe"));
    eventually(() -> one("h1").getText().equals("Figures drawn"));
    browser.switchTo().defaultContent();
  }

  @Test
  void nothingComesFromElsewhereAndNothingIsBlocked() {
    ask("course");
    eventually(() -> !all(".hit").isEmpty());
    Object elsewhere =
        browser.executeScript(
            "return performance.getEntriesByType('resource').map(e => e.name)"
                + ".filter(name => !name.startsWith(location.origin + '/'))");
    assertEquals(List.of(), elsewhere);
    List<String> complaints =
        browser.manage().logs().get("browser").getAll().stream()
            .map(Object::toString)
            .filter(line -> line.contains("Content Security Policy") || line.contains("SEVERE"))
            .toList();
    assertEquals(List.of(), complaints);
  }

  @ParameterizedTest
  @CsvSource({"360, light", "1280, light", "1280, dark", "2560, dark"})
  void everybodyCanUseIt(int width, String theme) throws Exception {
    browser.manage().window().setSize(new Dimension(width, 900));
    // Chromium makes no window so narrow.
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        java.util.Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    try {
      browser.executeScript("localStorage.setItem('theme', arguments[0])", theme);
      for (String view : List.of("hybrid", "side", "compare")) {
        browser.get(served.server.address() + "?q=can+I+join+the+course&view=" + view);
        eventually(() -> !all(".hit .closest").isEmpty());
        one(".hit .why").click();
        assertEquals(
            (long) width,
            browser.executeScript("return Math.max(innerWidth, document.body.scrollWidth)"),
            view + ": nothing reaches out of the window");
        assertEquals(List.of(), violations(), view + ", " + width + ", " + theme);
      }
      String paper = one("body").getCssValue("background-color");
      assertEquals(theme.equals("dark"), paper.matches("rgba?\\((\\d|1\\d|2\\d),.*"), paper);
    } finally {
      browser.executeScript("localStorage.clear()");
      browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", java.util.Map.of());
    }
  }

  private static List<String> violations() throws Exception {
    try (InputStream in =
        Objects.requireNonNull(PageIT.class.getResourceAsStream("/axe.min.js"), "axe.min.js")) {
      browser.executeScript(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    Object found =
        browser.executeAsyncScript(
            "const done = arguments[0]; axe.run().then(r => done(r.violations.map("
                + "v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join())))");
    return ((List<?>) Objects.requireNonNull(found)).stream().map(String::valueOf).toList();
  }

  private static void ask(String question) {
    type(question);
    type(Keys.ENTER.toString());
  }

  private static void type(String keys) {
    one("#q").sendKeys(keys);
  }

  private static void choose(String view) {
    one("input[name=view][value=" + view + "]").click();
  }

  private static List<String> headings() {
    return all(".column > h2").stream()
        .map(heading -> heading.getText().lines().findFirst().orElse(""))
        .map(text -> text.replaceAll(" (\\d|more).*(hits|candidates) in.*", ""))
        .toList();
  }

  private static WebElement focused() {
    return browser.switchTo().activeElement();
  }

  private static WebElement one(String selector) {
    return browser.findElement(By.cssSelector(selector));
  }

  private static List<WebElement> all(String selector) {
    return browser.findElements(By.cssSelector(selector));
  }

  private static String first(String selector) {
    return all(selector).stream().findFirst().map(WebElement::getText).orElse("");
  }

  private interface Condition {
    boolean holds();
  }

  /** Waits; an element that was replaced meanwhile is looked for again. */
  private static void eventually(Condition condition) {
    new WebDriverWait(browser, PATIENCE)
        .ignoring(org.openqa.selenium.StaleElementReferenceException.class)
        .until(driver -> condition.holds());
  }
}
