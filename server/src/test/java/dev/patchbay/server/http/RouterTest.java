package dev.patchbay.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RouterTest {

    private static final HttpHandler NOBODY = exchange -> {};

    private final Route infer = new Route("POST", "/v1/inference/{task}", NOBODY);
    private final Route pinned = new Route("POST", "/v1/inference/{task}/versions/{version}", NOBODY);
    private final Route tasks = new Route("GET", "/v1/tasks", NOBODY);
    private final Route all = new Route("GET", "/v1/tasks/all", NOBODY);
    private final Route task = new Route("GET", "/v1/tasks/{task}", NOBODY);
    private final Route remove = new Route("DELETE", "/v1/tasks/{task}", NOBODY);
    private final Route health = new Route("GET", "/v1/tasks/{task}/health", NOBODY);
    private final Router router = Router.of(infer, pinned, tasks, all, task, remove, health);

    private RouteMatch find(String method, String path) {
        RequestTarget target = RequestTarget.parse(path);
        return target == null ? new RouteMatch.NotFound() : router.find(method, target.segments());
    }

    @Test
    void aPathFindsItsRoute() {
        assertThat(find("POST", "/v1/inference/score")).isEqualTo(new RouteMatch.Found(infer));
        assertThat(find("POST", "/v1/inference/score/versions/1.0.0")).isEqualTo(new RouteMatch.Found(pinned));
        assertThat(find("GET", "/v1/tasks?tag=a")).isEqualTo(new RouteMatch.Found(tasks));
        assertThat(find("DELETE", "/v1/tasks/score")).isEqualTo(new RouteMatch.Found(remove));
    }

    @Test
    void aLiteralWinsAndAParameterTakesWhatIsLeft() {
        assertThat(find("GET", "/v1/tasks/all")).isEqualTo(new RouteMatch.Found(all));
        assertThat(find("GET", "/v1/tasks/score")).isEqualTo(new RouteMatch.Found(task));
        assertThat(find("GET", "/v1/tasks/all/health")).isEqualTo(new RouteMatch.Found(health));
    }

    @Test
    void aHeadIsLedToTheGet() {
        assertThat(find("HEAD", "/v1/tasks")).isEqualTo(new RouteMatch.Found(tasks));
        assertThat(find("HEAD", "/v1/inference/score")).isEqualTo(new RouteMatch.OtherMethods("POST"));
    }

    @Test
    void anotherMethodHearsWhichAreAllowed() {
        assertThat(find("PUT", "/v1/tasks/score")).isEqualTo(new RouteMatch.OtherMethods("DELETE, GET"));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        for (String path :
                List.of("/", "/v1", "/v1/inference", "/v1/inference/", "/v1/tasks/", "//v1/tasks", "/V1/tasks")) {
            assertThat(find("GET", path)).as(path).isEqualTo(RouteMatch.NOT_FOUND);
        }
    }

    @Test
    void twoRoutesForTheSameRequestsAreRefused() {
        Route again = new Route("POST", "/v1/inference/{name}", NOBODY);
        assertThatThrownBy(() -> Router.of(infer, again))
                .hasMessage(
                        "two routes for the same requests: POST /v1/inference/{task} and POST /v1/inference/{name}");
    }

    @Test
    void aParameterHasItsPlace() {
        assertThat(pinned.indexOf("version")).isEqualTo(4);
        assertThatThrownBy(() -> pinned.indexOf("vers"))
                .hasMessage("the template /v1/inference/{task}/versions/{version} has no parameter vers");
    }
}
