from pages._catalog import page
from pages._shell import open_page

desk = open_page(page("round").title, page("round").permission, "。")
