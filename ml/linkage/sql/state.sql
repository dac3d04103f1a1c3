-- what the tables below were made by
create schema if not exists identity;

create table if not exists identity.link_state (mark varchar);
