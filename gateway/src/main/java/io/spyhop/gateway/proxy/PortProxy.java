package io.spyhop.gateway.proxy;

import io.quarkus.micrometer.runtime.binder.vertx.HttpRequestMetric;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.ports.PortUrls;
import io.spyhop.gateway.ports.PortVisibility;
import io.spyhop.gateway.request.Answers;
import io.spyhop.gateway.request.Remote;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.token.FailedSignIns;
import io.spyhop.gateway.token.PortPasses;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes what is asked for at a port's host, before anything of the dashboard's origin sees it, and nothing else. Who may is
 * decided at once where it is known, else on a virtual thread; then the request goes to the container, or a page says why not.
 * Thread-safe.
 */
@ApplicationScoped
public class PortProxy {
    /** Where a code is exchanged for a cookie: the one path of a port's host that no container sees. */
    static final String ENTER = "/.spyhop/enter";

    /** What meters of requests call all that goes to containers. */
    private static final String METERED = "/{port}";

    /** A path of the same host. */
    private static final Pattern PATH = Pattern.compile("/(?![/\\\\])[!-~]*");

    private final PortHosts hosts;
    private final PortUrls urls;
    private final PortVisibility visibility;
    private final Admission admission;
    private final PortPasses passes;
    private final FailedSignIns failures;
    private final Origins origins;
    private final OpenPorts open;
    private final PortMetrics metrics;

    @Inject
    PortProxy(
            PortHosts hosts,
            PortUrls urls,
            PortVisibility visibility,
            Admission admission,
            PortPasses passes,
            FailedSignIns failures,
            Origins origins,
            OpenPorts open,
            PortMetrics metrics) {
        this.hosts = hosts;
        this.urls = urls;
        this.visibility = visibility;
        this.admission = admission;
        this.passes = passes;
        this.failures = failures;
        this.origins = origins;
        this.open = open;
        this.metrics = metrics;
    }

    /** The host of the dashboard, below which the ports' hosts are. */
    public String baseHost() {
        return urls.host();
    }

    /** Takes a request, where it is for a port's host; tells whether it was. Never blocks. */
    public boolean take(RoutingContext context) {
        Optional<String> label = hosts.label(context.request());
        label.ifPresent(name -> take(context, name));
        return label.isPresent();
    }

    private void take(RoutingContext context, String label) {
        HttpServerRequest request = context.request();
        HttpRequestMetric metric = HttpRequestMetric.getRequestMetric(context);
        if (metric != null) {
            // Paths of programs are theirs, and endlessly many.
            metric.setTemplatePath(METERED);
        }
        try {
            checkShape(request);
        } catch (SpyhopException e) {
            metrics.refused();
            // What follows on this connection may be a part of it: unread, it is closed with the answer.
            request.pause();
            Answers.problem(context, e);
            return;
        }
        request.pause();
        run(context, label, () -> decided(context, label));
    }

    private void decided(RoutingContext context, String label) {
        boolean enters = Objects.equals(context.request().path(), ENTER);
        Runnable known = enters ? null : known(context, label);
        if (known != null) {
            known.run();
            return;
        }
        Blocking.ask("spyhop-port", () -> enters ? enter(context, label) : decide(context, label))
                .onSuccess(outcome -> run(context, label, outcome))
                .onFailure(failure -> refuse(context, label, failure));
    }

    private void run(RoutingContext context, String label, Runnable outcome) {
        try {
            outcome.run();
        } catch (RuntimeException e) {
            refuse(context, label, e);
        }
    }

    /** What could mean one thing here and another in the container. The lengths of bodies the HTTP server has checked. */
    private static void checkShape(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_1_1) {
            throw new SpyhopException(ErrorCode.VERSION_UNKNOWN, "ports are reached by HTTP/1.1");
        }
        if (request.headers().getAll(HttpHeaders.HOST).size() != 1) {
            throw SpyhopException.parameter("Host", "one of it");
        }
        String uri = request.uri();
        if (!uri.startsWith("/") && !(uri.equals("*") && request.method().equals(HttpMethod.OPTIONS))) {
            throw new SpyhopException(ErrorCode.PARAMETER_INVALID, "the address must begin with a slash");
        }
        List<String> encodings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        boolean chunked = encodings.size() == 1 && encodings.getFirst().equalsIgnoreCase("chunked");
        if (!encodings.isEmpty() && !chunked) {
            throw SpyhopException.parameter("Transfer-Encoding", "chunked");
        }
        if (Tunnel.isWanted(request) && (chunked || request.headers().contains(HttpHeaders.CONTENT_LENGTH))) {
            throw new SpyhopException(ErrorCode.BODY_INVALID, "a WebSocket begins without a body");
        }
    }

    /** What is decided without a question to the database, as nearly every request is; null where there is one to ask. */
    private @Nullable Runnable known(RoutingContext context, String label) {
        if (!(hosts.find(label) instanceof PortHosts.Found.Present present)) {
            return null;
        }
        String set = visibility.known(present.instance(), present.port().port());
        boolean isPublic = PortVisibility.PUBLIC.equals(set);
        Admission.Admitted admitted = set == null ? null : admission.known(context.request(), label, isPublic);
        if (admitted == null) {
            return null;
        }
        checkSees(admitted.caller(), isPublic, present.instance().org());
        return () -> forward(context, label, present, admitted);
    }

    private Runnable decide(RoutingContext context, String label) {
        PortHosts.Found found = hosts.find(label);
        boolean isPublic = found instanceof PortHosts.Found.Present present
                && visibility.of(present.instance(), present.port().port()).equals(PortVisibility.PUBLIC);
        Admission.Admitted admitted = admission.of(context.request(), label, isPublic);
        Caller caller = admitted.caller();
        if (caller == null && !isPublic) {
            // The same for every name: who is not signed in does not learn which there are.
            return signIn(context, label);
        }
        return switch (found) {
            case PortHosts.Found.Present present -> {
                checkSees(caller, isPublic, present.instance().org());
                yield () -> forward(context, label, present, admitted);
            }
            case PortHosts.Found.Past past -> {
                checkSees(caller, isPublic, past.instance().org());
                throw PortPages.gone(past.port(), past.seenAt());
            }
            case PortHosts.Found.Unknown _ -> throw PortPages.unknown();
        };
    }

    private static void checkSees(@Nullable Caller caller, boolean isPublic, String org) {
        if (!isPublic && (caller == null || !caller.sees(org))) {
            throw PortPages.unknown();
        }
    }

    private void forward(
            RoutingContext context, String label, PortHosts.Found.Present present, Admission.Admitted admitted) {
        metrics.forwarded();
        Caller caller = admitted.caller();
        OpenPorts.Entry entry = open.begin(caller, context.request().connection());
        Exchange exchange = new Exchange(
                context,
                label,
                present.instance(),
                present.port(),
                origins,
                urls.scheme(),
                admitted.byToken(),
                metrics);
        if (Tunnel.isWanted(context.request())) {
            new Tunnel(exchange, () -> open.end(entry)).open();
        } else {
            context.addEndHandler(ended -> open.end(entry));
            exchange.begin();
        }
    }

    /** A browser is sent to the dashboard, which knows who it is, and comes back with a code. */
    private Runnable signIn(RoutingContext context, String label) {
        HttpServerRequest request = context.request();
        if (!PortPages.isPage(request)) {
            throw admission.refusal(request);
        }
        URI base = urls.base();
        if (!keepsCookies(base)) {
            throw new SpyhopException(
                    ErrorCode.TOKEN_MISSING,
                    "this port is private, and browsers open private ports over https only, or on their own machine");
        }
        String to = base + "/#open=" + label + "&to=" + URLEncoder.encode(request.uri(), StandardCharsets.UTF_8);
        return () -> {
            metrics.refused();
            request.resume();
            PortPages.redirect(context, 302, to);
        };
    }

    /** Whether browsers take a cookie that is for secure connections only. */
    private static boolean keepsCookies(URI base) {
        String host = base.getHost();
        return base.getScheme().equals("https") || host.equals("localhost") || host.endsWith(".localhost");
    }

    /** A browser comes back with a code. */
    private Runnable enter(RoutingContext context, String label) {
        HttpServerRequest request = context.request();
        if (!request.method().equals(HttpMethod.GET)) {
            throw new SpyhopException(ErrorCode.METHOD_UNKNOWN, "a browser comes here by GET");
        }
        String code = Objects.requireNonNullElse(request.getParam("code"), "");
        String to = Objects.requireNonNullElse(request.getParam("to"), "/");
        if (!isPath(to)) {
            throw SpyhopException.parameter("to", "a path of this host");
        }
        PortPasses.Pass pass = passes.redeem(code, label)
                .orElseThrow(() -> failures.refusal(
                        Remote.of(request), "this way in was used already, or is too old; open the port again"));
        return () -> {
            request.resume();
            context.response()
                    .addCookie(Cookie.cookie(Admission.COOKIE, pass.cookie())
                            .setPath("/")
                            .setSecure(true)
                            .setHttpOnly(true)
                            .setSameSite(CookieSameSite.LAX)
                            .setMaxAge(pass.age().toSeconds()));
            PortPages.redirect(context, 303, to);
        };
    }

    /** Whether this leads to the same host, whatever it is. */
    static boolean isPath(String text) {
        return PATH.matcher(text).matches();
    }

    private void refuse(RoutingContext context, String label, Throwable why) {
        metrics.refused();
        // What was sent along is not waited for.
        context.request().resume();
        PortPages.problem(context, label, why);
    }
}
