import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.VeraPDFFoundry;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Validates PDF files for as long as somebody asks.
 *
 * A line of standard input is a flavour ("3a"), a tab and a path; the answer is one line of JSON:
 * path, compliant, assertions (how many checks were made), failures (clause, test, message, where), or path and error.
 * A check that fails in many places is told once, with its first place.
 */
public final class Judge {
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // whatever the library says must not mix with the answers
        VeraGreenfieldFoundryProvider.initialise();
        ObjectMapper json = new ObjectMapper();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] question = line.split("\t", 2);
            out.println(json.writeValueAsString(answer(question[0], question[1])));
        }
    }

    private static Map<String, Object> answer(String flavourId, String path) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("path", path);
        VeraPDFFoundry foundry = Foundries.defaultInstance();
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(flavourId);
        try (PDFAParser parser = foundry.createParser(Files.newInputStream(Path.of(path)), flavour);
                PDFAValidator validator = foundry.createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            answer.put("compliant", result.isCompliant());
            answer.put("assertions", result.getTotalAssertions());
            answer.put("failures", failures(result));
        } catch (Exception | StackOverflowError fault) {
            answer.put("error", fault.toString());
        }
        return answer;
    }

    private static List<Map<String, Object>> failures(ValidationResult result) {
        Map<String, Map<String, Object>> failures = new LinkedHashMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() != TestAssertion.Status.FAILED) {
                continue;
            }
            String clause = assertion.getRuleId().getClause();
            int test = assertion.getRuleId().getTestNumber();
            failures.computeIfAbsent(clause + "-" + test, key -> {
                Map<String, Object> failure = new LinkedHashMap<>();
                failure.put("clause", clause);
                failure.put("test", test);
                failure.put("message", assertion.getMessage());
                failure.put("where", assertion.getLocation().getContext());
                return failure;
            });
        }
        return new ArrayList<>(failures.values());
    }
}
