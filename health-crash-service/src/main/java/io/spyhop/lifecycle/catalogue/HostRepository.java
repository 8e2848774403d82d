package io.spyhop.lifecycle.catalogue;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** Hosts by name. */
@ApplicationScoped
class HostRepository implements PanacheRepositoryBase<HostEntity, String> {}
