package io.spyhop.gateway;

import static io.restassured.RestAssured.given;

import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tokens and sessions of tests. */
final class Tokens {
    private Tokens() {}

    record Minted(String id, String name, String token) {}

    static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token);
    }

    static Minted mint(String role, @Nullable String org) {
        return mint("\"role\":\"" + role + "\"" + (org == null ? "" : ",\"orgs\":[\"" + org + "\"]"));
    }

    /** Mints a token of a random name. */
    static Minted mint(String fields) {
        JsonPath minted = as(Backends.ADMIN)
                .contentType("application/json")
                .body("{\"name\":\"t " + UUID.randomUUID() + "\"," + fields + "}")
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
        return new Minted(minted.getString("id"), minted.getString("name"), minted.getString("token"));
    }

    static void revoke(String id) {
        as(Backends.ADMIN).delete("/api/v1/tokens/" + id).then().statusCode(204);
    }

    /** Signs in and gives the cookie. */
    static String signIn(String token) {
        return given().contentType("application/json")
                .header("User-Agent", "a browser " + "x".repeat(300))
                .body("{\"token\":\"" + token + "\"}")
                .post("/api/v1/session")
                .then()
                .statusCode(200)
                .extract()
                .cookie("spyhop_session");
    }
}
