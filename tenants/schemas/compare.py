"""Are all organisations' schemas alike? Read from the catalog, with who may do what in them."""

from django.db import connection

_WHAT_THERE_IS = """
SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
       || coalesce(' default ' || replace(pg_get_expr(d.adbin, d.adrelid), %(prefix)s, ''), '')
       || CASE WHEN a.attidentity <> '' THEN ' identity ' || a.attidentity::text ELSE '' END
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = to_regnamespace(%(schema)s) AND c.relkind IN ('r', 'p')
UNION ALL
SELECT 'constraint ' || c.relname || '.' || k.conname || ' '
       || replace(pg_get_constraintdef(k.oid), %(prefix)s, '')
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
 WHERE k.connamespace = to_regnamespace(%(schema)s)
UNION ALL
SELECT 'index ' || replace(pg_get_indexdef(i.indexrelid), %(prefix)s, '')
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
 WHERE c.relnamespace = to_regnamespace(%(schema)s)
UNION ALL
SELECT CASE c.relkind WHEN 'S' THEN 'sequence ' ELSE 'view ' END || c.relname
  FROM pg_class c
 WHERE c.relnamespace = to_regnamespace(%(schema)s) AND c.relkind IN ('S', 'v', 'm', 'f')
UNION ALL
SELECT 'right ' || c.relname || ' ' || lower(r.privilege_type) || ' to '
       || CASE WHEN r.grantee = 0 THEN 'everybody' WHEN g.rolname = %(schema)s THEN 'itself' ELSE g.rolname END
  FROM pg_class c CROSS JOIN aclexplode(c.relacl) r LEFT JOIN pg_roles g ON g.oid = r.grantee
 WHERE c.relnamespace = to_regnamespace(%(schema)s) AND r.grantee <> c.relowner
UNION ALL
SELECT 'right schema ' || lower(r.privilege_type) || ' to ' || coalesce(g.rolname, 'everybody')
  FROM pg_namespace n CROSS JOIN aclexplode(n.nspacl) r LEFT JOIN pg_roles g ON g.oid = r.grantee
 WHERE n.nspname = %(schema)s AND r.grantee <> n.nspowner AND g.rolname IS DISTINCT FROM %(schema)s
"""


def contents(schema: str) -> frozenset[str]:
    """One line a column, constraint, index, other relation and right, none of which names the schema."""
    with connection.cursor() as cursor:
        cursor.execute(_WHAT_THERE_IS, {"schema": schema, "prefix": f"{schema}."})
        return frozenset(row[0] for row in cursor.fetchall())


def differences(schema: str, *, reference: str) -> list[str]:
    """What `schema` lacks (-) and what it has besides (+), against `reference`. Empty when they are alike."""
    here, there = contents(schema), contents(reference)
    return [f"- {line}" for line in sorted(there - here)] + [f"+ {line}" for line in sorted(here - there)]
