-- By which the containers of a run show that they are its: io.spyhop.contracts.job.RunProof. Null for older runs. It is told to nobody.

alter table run add column proof text;
