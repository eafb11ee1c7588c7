import dev.patchbay.llm.fake.FakeProvider;
import dev.patchbay.llm.fake.Fault;
import dev.patchbay.llm.fake.Reply;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/// A provider that does what the question asks for, and tells on standard output whom nobody waits for.
final class FaultyProvider {

    private static final String TEXT = "one two three four five six seven eight nine ten";

    public static void main(String[] args) throws Exception {
        FakeProvider provider = FakeProvider.start(request -> {
            String question = request.question();
            Reply reply = Reply.text(TEXT);
            return switch (question) {
                case "cut" -> reply.failing(Fault.CUT, 3);
                case "truncated" -> reply.failing(Fault.TRUNCATED, 3);
                case "slow" -> reply.paced(Duration.ofMillis(200));
                case "limit" -> Reply.rateLimited(Duration.ofSeconds(60));
                case "tool" -> Reply.text("").calling(java.util.List.of(JsonMapper.shared().readTree(
                        "{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"now\",\"arguments\":\"{\\\"zone\\\":\\\"UTC\\\"}\"}}")));
                default -> reply;
            };
        });
        System.out.println(provider.url());
        for (int told = 0; ; Thread.sleep(5)) {
            while (told < provider.abandoned()) {
                told++;
                System.out.println("abandoned " + told);
            }
        }
    }
}
