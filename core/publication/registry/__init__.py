"""The public registry (第九条): who is a 创建对象 or recognised, as a site that needs no server, as CSV and as JSON."""
